// What the evidence shows of one journey: findings, paths, funnels, who comes back, what differs.
import { NativeSelect } from "@mantine/core";
import { Link, NavLink, useParams, useSearchParams } from "react-router";
import { useJourneys } from "../api/journey";
import { type LivingMap, useMap } from "../api/map";
import { reaches, useRole } from "../api/session";
import { useWords } from "../i18n";
import { Empty } from "../ui/Empty";
import { Page } from "../ui/Page";
import { Parts } from "../ui/Parts";
import { Trouble } from "../ui/Trouble";
import { Waiting } from "../ui/Waiting";
import { Compare } from "./Compare";
import { Findings } from "./Findings";
import { Funnels } from "./Funnels";
import { Paths } from "./Paths";
import { Returning } from "./Returning";
import "./insight.css";

export interface PartProps {
  map: LivingMap;
}

const PARTS = { findings: Findings, paths: Paths, funnels: Funnels, retention: Returning, compare: Compare };
type Part = keyof typeof PARTS;
const EVERYBODY = { from: null, to: null, where: [], persona: null };

export default function InsightPage() {
  const { t, text } = useWords();
  const { part = "findings" } = useParams();
  const [search, setSearch] = useSearchParams();
  const journeys = useJourneys();
  if (journeys.isPending) return <Waiting />;
  if (journeys.isError) return <Trouble error={journeys.error} retry={journeys.refetch} />;
  const chosen = search.get("journey") ?? journeys.data[0]?.id;
  if (!chosen)
    return (
      <Empty title={t("studio.no_journeys")}>
        <Link to="/journeys">{t("studio.to_journeys")}</Link>
      </Empty>
    );
  return (
    <Page
      wide
      title={t("insight.title")}
      why={t("insight.why")}
      tools={
        <NativeSelect
          size="xs"
          aria-label={t("insight.journey")}
          value={chosen}
          onChange={(event) => setSearch({ journey: event.currentTarget.value })}
          data={journeys.data.map(({ id, title }) => ({ value: id, label: text(title) }))}
        />
      }
    >
      <Parts className="parts" label={t("insight.title")}>
        {Object.keys(PARTS).map((each) => (
          <NavLink
            key={each}
            end
            to={{
              pathname: each === "findings" ? "/insight" : `/insight/${each}`,
              search: search.has("journey") ? `?journey=${chosen}` : "",
            }}
          >
            {t(`insight.${each}`)}
          </NavLink>
        ))}
      </Parts>
      <Shown key={chosen} journey={chosen} part={part in PARTS ? (part as Part) : "findings"} />
    </Page>
  );
}

function Shown({ journey, part }: { journey: string; part: Part }) {
  const { t, language } = useWords();
  const map = useMap(journey, EVERYBODY, language);
  const editor = reaches(useRole(), "editor");
  if (map.isPending) return <Waiting />;
  if (map.isError) return <Trouble error={map.error} retry={map.refetch} />;
  if (!map.data.cases)
    return (
      <Empty title={t("insight.nothing")}>
        {editor ? <Link to="/data">{t("insight.nothing_do")}</Link> : t("data.no_sources_viewer")}
      </Empty>
    );
  const Content = PARTS[part];
  return <Content map={map.data} />;
}
