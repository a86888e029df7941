import { Paper, Title } from "@mantine/core";
import { Link } from "react-router";
import { type JourneyEntry, useJourneys } from "../api/journey";
import { useWords } from "../i18n";
import { Empty } from "../ui/Empty";
import { Trouble } from "../ui/Trouble";
import { Waiting } from "../ui/Waiting";
import "./portfolio.css";

export default function JourneysPage() {
  const { t } = useWords();
  const journeys = useJourneys();
  if (journeys.isPending) return <Waiting />;
  if (journeys.isError) return <Trouble error={journeys.error} retry={journeys.refetch} />;
  if (!journeys.data.length) return <Empty title={t("studio.no_journeys")}>{t("studio.no_journeys_do")}</Empty>;
  return (
    <section className="portfolio">
      <Title order={1} size="h2">
        {t("studio.journeys")}
      </Title>
      <ul>
        {journeys.data.map((journey) => (
          <li key={journey.id}>
            <Entry journey={journey} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Entry({ journey }: { journey: JourneyEntry }) {
  const { t, text } = useWords();
  const facts = [
    journey.owner,
    journey.market,
    journey.stages !== undefined && t("studio.size_stages", { n: journey.stages }),
    journey.touchpoints !== undefined && t("studio.size_touchpoints", { n: journey.touchpoints }),
    journey.updated && t("studio.updated", { at: journey.updated }),
  ].filter(Boolean);
  return (
    <Paper component={Link} to={`/journeys/${journey.id}`} withBorder p="md" className="entry">
      <strong>{text(journey.title)}</strong>
      <span className="quiet">{facts.join(" · ")}</span>
    </Paper>
  );
}
