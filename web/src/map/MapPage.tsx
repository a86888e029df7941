// The living map of one journey: its head, what matters most, the map, and beside it whatever was opened.
import { Alert, Title } from "@mantine/core";
import { useEffect } from "react";
import { useParams } from "react-router";
import { type LivingMap, useMap } from "../api/map";
import { useWords } from "../i18n";
import { Empty } from "../ui/Empty";
import { Trouble } from "../ui/Trouble";
import { Waiting } from "../ui/Waiting";
import { Findings } from "./Findings";
import { MapHead } from "./MapHead";
import { Matrix } from "./Matrix";
import { Panel } from "./Panel";
import { Stack } from "./Stack";
import { type Opened, useOpened, useScope } from "./scope";
import { useNarrow } from "./useNarrow";
import { ViewBar } from "./ViewBar";
import { useView } from "./view";
import "./map.css";

export default function MapPage() {
  const { journey = "" } = useParams();
  const { language } = useWords();
  const { scope } = useScope();
  const map = useMap(journey, scope, language);
  if (map.isPending) return <Waiting />;
  if (map.isError) return <Trouble error={map.error} retry={map.refetch} />;
  return <Drawn map={map.data} busy={map.isPlaceholderData} />;
}

function Drawn({ map, busy }: { map: LivingMap; busy: boolean }) {
  const { t, text } = useWords();
  const { opened, open } = useOpened();
  const narrow = useNarrow();
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
  const toggle = (next: Opened) => open(opened?.kind === next.kind && opened.id === next.id ? null : next);
  const Form = narrow ? Stack : Matrix;
  return (
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
        <Findings map={map} opened={opened} open={toggle} />
        <ViewBar map={map} view={view} narrow={narrow} />
        {map.journey.stages?.length ? (
          <Form map={map} view={view} opened={opened} open={toggle} />
        ) : (
          <Empty title={t("studio.no_stages")} />
        )}
        <Notes map={map} />
      </div>
      {opened && <Panel map={map} opened={opened} open={open} />}
    </div>
  );
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
