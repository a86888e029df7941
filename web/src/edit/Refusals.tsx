// What was not done: because somebody else changed the same thing first (both are shown, and one chooses), or because it
// cannot be. It stays until it is answered, also when the page is loaded again.
import { Alert, Button, Group } from "@mantine/core";
import type { Text } from "../api/journey";
import { useWords } from "../i18n";
import { find, type SetOp } from "./ops";
import type { Editor, Refusal, State } from "./store";

export function Refusals({ editor, state }: { editor: Editor; state: State }) {
  const { t } = useWords();
  if (!state.refusals.length) return null;
  return (
    <section className="refusals" aria-label={t("edit.not_done")} aria-live="polite">
      {state.refusals.map((refusal) => (
        <One key={refusal.edit.id} refusal={refusal} editor={editor} state={state} />
      ))}
    </section>
  );
}

function One({ refusal, editor, state }: { refusal: Refusal; editor: Editor; state: State }) {
  const { t } = useWords();
  const op = refusal.op?.op === "set" ? refusal.op : null;
  const there = op && find(state.base, op.part, op.id);
  const by = refusal.by ?? t("edit.somebody");
  const title = refusal.op ? t(op && !there ? "edit.gone" : "edit.conflict", { by }) : t("edit.not_done");
  return (
    <Alert color="yellow" title={title} className="refusal">
      {op ? <Both op={op} now={there ? refusal.now : undefined} by={by} /> : <p>{refusal.why}</p>}
      <Wanted refusal={refusal} />
      <Group gap="xs" mt="sm">
        {there && (
          <Button size="xs" onClick={() => editor.settle(refusal, true)}>
            {t("edit.take_mine")}
          </Button>
        )}
        <Button size="xs" variant="default" onClick={() => editor.settle(refusal, false)}>
          {t(there ? "edit.keep_theirs" : "edit.understood")}
        </Button>
      </Group>
    </Alert>
  );
}

function Both({ op, now, by }: { op: SetOp; now: unknown; by: string }) {
  const { t } = useWords();
  const say = useSay();
  return (
    <dl className="both">
      <div>
        <dt>{t("edit.yours")}</dt>
        <dd dir="auto">{say(op.value)}</dd>
      </div>
      {now !== undefined && (
        <div>
          <dt>{t("edit.theirs", { by })}</dt>
          <dd dir="auto">{say(now)}</dd>
        </div>
      )}
    </dl>
  );
}

/** The texts of an edit that is refused for another reason, so that they can be taken along. */
function Wanted({ refusal }: { refusal: Refusal }) {
  const say = useSay();
  if (refusal.op) return null;
  if (refusal.typed) return <blockquote>{refusal.typed}</blockquote>;
  const texts = refusal.edit.ops.flatMap((op) => {
    if (op.op === "set") return [op.value];
    if (op.op === "add") return [(op.value as { text?: Text }).text ?? (op.value as { name?: Text }).name];
    return [];
  });
  return texts.filter(Boolean).map((text) => <blockquote key={say(text)}>{say(text)}</blockquote>);
}

function useSay() {
  const { text, t } = useWords();
  const say = (value: unknown): string => {
    if (value === null || value === undefined || value === "") return t("edit.nothing");
    if (typeof value === "string" || typeof value === "number") return String(value);
    if (Array.isArray(value)) return value.map(say).join(", ");
    const texts = Object.values(value);
    return texts.every((each) => typeof each === "string") ? text(value as Text) : JSON.stringify(value);
  };
  return say;
}
