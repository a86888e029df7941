// Facts of a part that can be changed in the panel: a text, one of several, yes or no. Who may not edit sees what is
// there, and nothing where nothing is.
import { Checkbox, NativeSelect } from "@mantine/core";
import { useId } from "react";
import type { Text, Touchpoint } from "../api/journey";
import { useWords } from "../i18n";
import { useFocusAfter, useInline } from "./Inline";
import type { PartName } from "./ops";
import { useMayEdit } from "./useEditor";

type At = [PartName, string, string];

interface EditableProps {
  at: At;
  text: Text | null | undefined;
  label: string;
  required?: boolean;
}

/** A text that becomes a field when it is clicked. */
export function Editable({ at, text, label, required = false }: EditableProps) {
  const { t, text: read } = useWords();
  const inline = useInline(at, text, label, required);
  const button = useFocusAfter(Boolean(inline.editor));
  const said = read(text);
  if (inline.editor) return inline.editor;
  if (!inline.begin) return said;
  return (
    <button ref={button} type="button" className={`plain editable${said ? "" : " empty"}`} onClick={inline.begin}>
      {said || t("edit.add_this", { what: label })}
    </button>
  );
}

export function TextFact({ name, at, text }: { name: string; at: At; text: Text | null | undefined }) {
  const { text: read } = useWords();
  if (!useMayEdit() && !read(text)) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Editable at={at} text={text} label={name} />
      </dd>
    </div>
  );
}

interface ChoiceProps {
  name: string;
  at: At;
  value: string | null | undefined;
  choices: { value: string; label: string }[];
  none?: string; // what no value is called; left out where there must be one
}

export function ChoiceFact({ name, at: [part, id, field], value, choices, none }: ChoiceProps) {
  const editor = useMayEdit();
  const label = useId();
  const now = choices.find((each) => each.value === value);
  if (!editor) return now ? <Fact name={name}>{now.label}</Fact> : null;
  return (
    <div>
      <dt id={label}>{name}</dt>
      <dd>
        <NativeSelect
          size="xs"
          aria-labelledby={label}
          value={value ?? ""}
          data={none === undefined ? choices : [{ value: "", label: none }, ...choices]}
          onChange={(event) =>
            editor.change([
              { op: "set", part, id, field, value: event.currentTarget.value || null, was: value ?? null },
            ])
          }
        />
      </dd>
    </div>
  );
}

export function ToggleFact({
  name,
  at: [part, id, field],
  value,
}: {
  name: string;
  at: At;
  value: boolean | undefined;
}) {
  const editor = useMayEdit();
  if (!editor) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Checkbox
          size="xs"
          aria-label={name}
          checked={value ?? false}
          onChange={(event) =>
            editor.change([{ op: "set", part, id, field, value: event.currentTarget.checked, was: value ?? false }])
          }
        />
      </dd>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const SCALE = [2, 1.5, 1, 0.5, 0, -0.5, -1, -1.5, -2];

/** What the team assumes customers feel at a touchpoint, for a persona or `all`. */
export function AssumedFact({ place, persona }: { place: Touchpoint; persona: string }) {
  const { t, number } = useWords();
  const editor = useMayEdit();
  const label = useId();
  if (!editor) return null;
  const believed = place.assumed_emotion?.[persona];
  const values = believed === undefined || SCALE.includes(believed) ? SCALE : [believed, ...SCALE];
  const assume = (chosen: string) => {
    const value = chosen === "" ? null : Number(chosen);
    const at = { part: "touchpoint", id: place.id, field: "assumed_emotion", key: persona } as const;
    editor.change([{ op: "set", ...at, value, was: believed ?? null }]);
  };
  return (
    <div>
      <dt id={label}>{t("frame.assumed")}</dt>
      <dd>
        <NativeSelect
          size="xs"
          aria-labelledby={label}
          value={believed === undefined ? "" : String(believed)}
          data={[
            { value: "", label: t("edit.none") },
            ...values.map((value) => ({ value: String(value), label: number(value, "score") })),
          ]}
          onChange={(event) => assume(event.currentTarget.value)}
        />
      </dd>
    </div>
  );
}
