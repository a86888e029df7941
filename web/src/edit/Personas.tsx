// The personas of a journey as the team describes them: the list, and each with its texts and the customers it stands for.
import { Button } from "@mantine/core";
import type { Journey, Persona } from "../api/journey";
import { useWords } from "../i18n";
import { PanelFrame } from "../map/Panel";
import type { Opened } from "../map/scope";
import { TextFact } from "./fields";
import { AddButton } from "./Inline";
import { LinesFact } from "./LinesFact";
import { newId } from "./ops";
import { useMayEdit } from "./useEditor";

interface Props {
  journey: Journey;
  open: (next: Opened | null) => void;
}

export function Personas({ journey, open }: Props) {
  const { t, text } = useWords();
  const editor = useMayEdit();
  const personas = journey.personas ?? [];
  return (
    <PanelFrame kicker={text(journey.title)} title={t("frame.personas")} close={() => open(null)}>
      <ul className="panel-list">
        {personas.map((persona) => (
          <li key={persona.id}>
            <button type="button" className="plain link" onClick={() => open({ kind: "persona", id: persona.id })}>
              {text(persona.name)}
            </button>
            {persona.summary && <p className="quiet">{text(persona.summary)}</p>}
          </li>
        ))}
        {!personas.length && <li className="quiet">{t("edit.no_personas")}</li>}
      </ul>
      {editor && (
        <AddButton
          label={t("edit.add_persona")}
          className="named"
          add={(name) => editor.change([{ op: "add", part: "persona", value: { id: newId("persona"), name } }])}
        />
      )}
    </PanelFrame>
  );
}

const LISTS = ["goals", "needs", "challenges", "motives", "preferred_channels"] as const;

export function PersonaPanel({ persona, open }: { persona: Persona; open: Props["open"] }) {
  const { t, text } = useWords();
  const editor = useMayEdit();
  const { id } = persona;
  return (
    <PanelFrame
      kicker={t("frame.persona")}
      title={text(persona.name)}
      edit={{ at: ["persona", id, "name"], text: persona.name }}
      close={() => open(null)}
    >
      <dl className="panel-facts">
        <TextFact name={t("frame.description")} at={["persona", id, "summary"]} text={persona.summary} />
        {LISTS.map((field) => (
          <LinesFact key={field} name={t(`frame.${field}`)} persona={persona} field={field} />
        ))}
        <LinesFact name={t("edit.persona_rule")} persona={persona} field="rule" />
      </dl>
      {editor && (
        <Button
          variant="subtle"
          color="red"
          size="compact-sm"
          mt="lg"
          onClick={() => {
            open({ kind: "personas", id: "all" });
            editor.change([{ op: "remove", part: "persona", id }]);
          }}
        >
          {t("edit.remove_persona")}
        </Button>
      )}
    </PanelFrame>
  );
}
