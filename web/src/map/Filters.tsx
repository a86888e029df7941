// Period, persona and conditions; what is set stands beside the button and goes with one click.
import { Button, NativeSelect, Pill, Popover, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { LivingMap, Scope } from "../api/map";
import { useWords } from "../i18n";
import { useScope } from "./scope";

const NOTHING: Scope = { from: null, to: null, where: [], persona: null };

export function Filters({ map, prefix = "" }: { map: LivingMap; prefix?: string }) {
  const { t } = useWords();
  const { scope } = useScope(prefix);
  const [shown, show] = useState(false);
  return (
    <>
      <Chosen map={map} prefix={prefix} />
      <Popover opened={shown} onChange={show} position="bottom-end" shadow="md" width={300} trapFocus>
        <Popover.Target>
          <Button variant="default" size="xs" onClick={() => show(!shown)}>
            {t("studio.filter")}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Choice key={JSON.stringify(scope)} map={map} prefix={prefix} done={() => show(false)} />
        </Popover.Dropdown>
      </Popover>
    </>
  );
}

function Choice({ map, prefix, done }: { map: LivingMap; prefix: string; done: () => void }) {
  const { t, text } = useWords();
  const { scope, setScope } = useScope(prefix);
  const [draft, setDraft] = useState(scope);
  const [condition, setCondition] = useState("");
  const half = condition !== "" && !/^[^=]+=.+$/.test(condition);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (half) return;
    setScope({ ...draft, where: condition ? [...new Set([...draft.where, condition.trim()])] : draft.where });
    done();
  };
  const personas = map.journey.personas ?? [];
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          type="date"
          size="xs"
          label={t("studio.from")}
          value={draft.from ?? ""}
          onChange={(event) => setDraft({ ...draft, from: event.currentTarget.value || null })}
        />
        <TextInput
          type="date"
          size="xs"
          label={t("studio.until_before")}
          value={draft.to ?? ""}
          onChange={(event) => setDraft({ ...draft, to: event.currentTarget.value || null })}
        />
        {personas.length > 0 && (
          <NativeSelect
            size="xs"
            label={t("frame.persona")}
            value={draft.persona ?? ""}
            onChange={(event) => setDraft({ ...draft, persona: event.currentTarget.value || null })}
            data={[
              { value: "", label: t("frame.everyone") },
              ...personas.map((persona) => ({ value: persona.id, label: text(persona.name) })),
            ]}
          />
        )}
        <TextInput
          size="xs"
          label={t("studio.condition")}
          placeholder="market=Lisbon"
          error={half ? t("studio.condition_hint") : undefined}
          value={condition}
          onChange={(event) => setCondition(event.currentTarget.value)}
        />
        <Button type="submit" size="xs">
          {t("studio.apply")}
        </Button>
        <Button
          variant="subtle"
          size="xs"
          onClick={() => {
            setScope(NOTHING);
            done();
          }}
        >
          {t("studio.clear")}
        </Button>
      </Stack>
    </form>
  );
}

function Chosen({ map, prefix }: { map: LivingMap; prefix: string }) {
  const { t, text, date } = useWords();
  const { scope, setScope } = useScope(prefix);
  const persona = map.journey.personas?.find(({ id }) => id === scope.persona);
  const chips: [string, Scope][] = [];
  if (scope.from) chips.push([`${t("studio.from")} ${date(scope.from)}`, { ...scope, from: null }]);
  if (scope.to) chips.push([`${t("studio.until_before")} ${date(scope.to)}`, { ...scope, to: null }]);
  if (scope.persona) chips.push([text(persona?.name) || scope.persona, { ...scope, persona: null }]);
  for (const one of scope.where) chips.push([one, { ...scope, where: scope.where.filter((other) => other !== one) }]);
  return chips.map(([label, without]) => (
    <Pill
      key={label}
      withRemoveButton
      onRemove={() => setScope(without)}
      removeButtonProps={{ "aria-label": t("studio.remove", { what: label }), tabIndex: 0, "aria-hidden": false }}
    >
      {label}
    </Pill>
  ));
}
