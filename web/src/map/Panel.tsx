// Beside the map, never over it: everything known about the part that was opened, down to the words behind it.
import { CloseButton, Title } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { useParams } from "react-router";
import type { Text } from "../api/journey";
import type { LivingMap } from "../api/map";
import { Editable } from "../edit/fields";
import { History } from "../edit/History";
import type { PartName } from "../edit/ops";
import { PersonaPanel, Personas } from "../edit/Personas";
import { useWords } from "../i18n";
import { Comments } from "../together/Comments";
import { CardPanel, FindingPanel, StagePanel, TouchpointPanel } from "./panels";
import { type Opened, useOpened } from "./scope";

interface Props {
  map: LivingMap;
  opened: Opened;
  open: (next: Opened | null) => void;
}

const PANELS = { stage: StagePanel, touchpoint: TouchpointPanel, finding: FindingPanel, card: CardPanel };

export default function Panel({ map, opened, open }: Props) {
  const { journey } = map;
  if (opened.kind === "history") return <History journey={journey} close={() => open(null)} />;
  if (opened.kind === "personas") return <Personas journey={journey} open={open} />;
  if (opened.kind === "persona") {
    const persona = journey.personas?.find((each) => each.id === opened.id);
    return persona ? <PersonaPanel persona={persona} open={open} /> : <Personas journey={journey} open={open} />;
  }
  const Content = PANELS[opened.kind];
  return Content ? <Content map={map} id={opened.id} open={open} /> : null;
}

const COMMENTED: Opened["kind"][] = ["stage", "touchpoint", "card", "persona", "finding"];

interface FrameProps {
  kicker: string;
  title: string;
  edit?: { at: [PartName, string, string]; text: Text }; // the title, where it is a text of the journey
  close: () => void;
  children: ReactNode;
}

/** The panel's frame. Whoever opened it by keyboard gets the focus back when it closes. */
export function PanelFrame({ kicker, title, edit, close, children }: FrameProps) {
  const { t } = useWords();
  const { journey } = useParams(); // none where somebody without an account looks
  const { opened } = useOpened();
  const before = useRef<Element | null>(document.activeElement);
  useEffect(
    () => () => {
      const origin = before.current;
      if (origin instanceof HTMLElement && origin.isConnected) origin.focus({ preventScroll: true });
    },
    [],
  );
  return (
    <aside className="panel" aria-label={title}>
      <div className="panel-head">
        <div>
          <p className="quiet">{kicker}</p>
          <Title order={2} size="h4">
            {edit ? <Editable at={edit.at} text={edit.text} label={kicker} required /> : title}
          </Title>
        </div>
        <CloseButton aria-label={t("frame.close")} onClick={close} />
      </div>
      {children}
      {journey && opened && COMMENTED.includes(opened.kind) && <Comments journey={journey} at={opened.id} />}
    </aside>
  );
}
