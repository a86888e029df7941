// The portfolio: every journey with its size, its owner, how fresh its evidence is and how it stands.
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { type JourneyEntry, useJourneys } from "../api/journey";
import { reaches, useRole } from "../api/session";
import { useWords } from "../i18n";
import { Empty } from "../ui/Empty";
import { Page } from "../ui/Page";
import { Trouble } from "../ui/Trouble";
import { Waiting } from "../ui/Waiting";
import { Entry } from "./Entry";
import "./portfolio.css";

const MANY = 6; // journeys, from which on one looks for a name

export default function JourneysPage() {
  const { t, text } = useWords();
  const [sought, seek] = useState("");
  const journeys = useJourneys();
  const editor = reaches(useRole(), "editor");
  if (journeys.isPending) return <Waiting />;
  if (journeys.isError) return <Trouble error={journeys.error} retry={journeys.refetch} />;
  const make = editor && (
    <Button component={Link} to="/journeys/new" size="xs">
      {t("portfolio.new")}
    </Button>
  );
  if (!journeys.data.length)
    return (
      <Empty title={t("studio.no_journeys")}>
        <p>{t(editor ? "portfolio.no_journeys_do" : "portfolio.no_journeys_viewer")}</p>
        <p className="next">{make}</p>
      </Empty>
    );
  const matches = ({ title, owner, market }: JourneyEntry) =>
    [text(title), owner, market].some((each) => each?.toLowerCase().includes(sought.toLowerCase()));
  const found = sought ? journeys.data.filter(matches) : journeys.data;
  const find = journeys.data.length >= MANY && (
    <TextInput
      size="xs"
      type="search"
      aria-label={t("portfolio.search")}
      placeholder={t("portfolio.search")}
      value={sought}
      onChange={(event) => seek(event.currentTarget.value)}
    />
  );
  return (
    <Page
      wide
      title={t("studio.journeys")}
      why={t("portfolio.why")}
      tools={
        <>
          {find}
          {make}
        </>
      }
    >
      {!found.length && <p>{t("portfolio.none_found")}</p>}
      <ul className="portfolio">
        {found.map((journey) => (
          <li key={journey.id}>
            <Entry journey={journey} />
          </li>
        ))}
      </ul>
    </Page>
  );
}
