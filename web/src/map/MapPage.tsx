// The living map of one journey: its head, what matters most, the map, and beside it whatever was opened.
import { Alert, Title } from "@mantine/core";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef } from "react";
import { useParams } from "react-router";
import { bePresent } from "../api/live";
import { type LivingMap, useMap } from "../api/map";
import { Dragging } from "../edit/Dragging";
import { Refusals } from "../edit/Refusals";
import { type Editing, MayEdit, mayEdit, useEditor } from "../edit/useEditor";
import { useWords } from "../i18n";
import { Empty } from "../ui/Empty";
import { Trouble } from "../ui/Trouble";
import { Waiting } from "../ui/Waiting";
import { Compare } from "./Compare";
import { Findings } from "./Findings";
import { Form } from "./Form";
import { lanesOf } from "./lanes";
import { MapHead } from "./MapHead";
import { Missing } from "./Missing";
import { type Opened, useBeside, useOpened, useScope } from "./scope";
import { Talked } from "./Talked";
import { ViewBar } from "./ViewBar";
import { useView } from "./view";
import "./map.css";
import "./forms.css";

const Panel = lazy(() => import("./Panel")); // most of the code behind a map, and a map is first looked at

export default function MapPage() {
  const { journey = "" } = useParams();
  const { language } = useWords();
  const { scope } = useScope();
  const map = useMap(journey, scope, language);
  const editing = useEditor(journey);
  if (map.isPending) return <Waiting />;
  if (map.isError && !map.data) return <Trouble error={map.error} retry={map.refetch} />;
  return (
    <MayEdit value={mayEdit(editing)}>
      <Drawn evidence={map.data} editing={editing} busy={map.isPlaceholderData} />
    </MayEdit>
  );
}

/** What the evidence says, drawn on the journey as it is being edited. */
function Drawn({ evidence, editing, busy }: { evidence: LivingMap; editing: Editing; busy: boolean }) {
  const { editor, state } = editing;
  const document_ = state?.document;
  const map = useMemo(() => (document_ ? { ...evidence, journey: document_ } : evidence), [evidence, document_]);
  const { t, text } = useWords();
  const { opened, open } = useOpened();
  const view = useView(map.journey.id);
  const title = text(map.journey.title);
  useEffect(() => {
    document.title = title;
    return () => {
      document.title = "Desirepath";
    };
  }, [title]);
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      const inside = event.target instanceof Element && event.target.closest("[role=dialog], [role=menu]");
      if (event.key === "Escape" && !inside) open(null); // a popover's own Escape closes the popover alone
    };
    addEventListener("keydown", close, true); // before a tooltip keeps it for itself
    return () => removeEventListener("keydown", close, true);
  }, [open]);
  const now = useRef(opened);
  now.current = opened;
  const toggle = useCallback(
    (next: Opened) => open(now.current?.kind === next.kind && now.current.id === next.id ? null : next),
    [open],
  );
  useEffect(() => bePresent(editor.journey, opened?.id ?? null), [editor, opened]);
  useEffect(() => () => bePresent(null), []);
  const { beside } = useBeside();
  const lanes = lanesOf(map.journey, view.asked).filter((lane) => !view.hidden.includes(lane.id));
  const drawn = useMemo(() => without(map, view.stages), [map, view.stages]);
  const page = (
    <div className={`map-page${opened ? " beside" : ""}`} aria-busy={busy}>
      <div className="map-main">
        <MapHead map={map} />
        {map.cases === 0 && (
          <Alert color="yellow" className="nobody">
            {t(
              Object.keys(map.filters).length || map.period.from || map.period.to || map.persona
                ? "note.no_cases"
                : "note.no_events",
            )}
          </Alert>
        )}
        {beside === null && <Findings map={map} opened={opened} open={toggle} />}
        <ViewBar map={map} view={view} editing={editing} open={toggle} />
        {beside !== null ? (
          <Compare map={drawn} view={view} />
        ) : map.journey.stages?.length || mayEdit(editing) ? (
          <Form map={drawn} view={view} opened={opened} open={toggle} />
        ) : (
          <Empty title={t("studio.no_stages")} />
        )}
        <Missing map={map} />
        <Talked journey={map.journey} />
        <Notes map={map} />
      </div>
      {opened && (
        <Suspense fallback={<aside className="panel" />}>
          <Panel map={map} opened={opened} open={open} />
        </Suspense>
      )}
      {state && <Refusals editor={editor} state={state} />}
    </div>
  );
  if (!mayEdit(editing)) return page;
  return (
    <Dragging journey={map.journey} lanes={lanes.map((lane) => lane.id)}>
      {page}
    </Dragging>
  );
}

/** The map without the stages that are hidden. */
function without(map: LivingMap, hidden: string[]): LivingMap {
  if (!hidden.length) return map;
  const stages = map.journey.stages?.filter((stage) => !hidden.includes(stage.id));
  return { ...map, journey: { ...map.journey, stages } };
}

function Notes({ map }: { map: LivingMap }) {
  const { t } = useWords();
  if (!map.notes.length) return null;
  return (
    <section className="notes">
      <Title order={2} size="h5">
        {t("frame.caveats")}
      </Title>
      <ul>
        {map.notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  );
}
