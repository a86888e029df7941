// What the words mean: one concept, one name, everywhere.
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../i18n";
import { Page } from "../ui/Page";
import "./help.css";

/** The terms of the studio; those with two keys take name and meaning from the maps' own catalogue. */
const TERMS: [string, string][] = [
  ...["journey", "stage", "touchpoint", "card", "persona", "event", "evidence", "source", "quarantine", "dimension"],
  ...["finding", "moment_of_truth", "interval", "theme", "verbatim", "cohort", "funnel", "conformance", "stale", "nps"],
].map((term): [string, string] => [`glossary.${term}`, `glossary.${term}.is`]);
const SHARED: [string, string][] = [
  ["frame.customers", "define.customers"],
  ["frame.cases", "define.cases"],
  ["frame.following", "define.following"],
  ["frame.completed", "define.completed"],
  ["frame.drop_off", "define.drop_rate"],
  ["frame.dwell", "define.dwell"],
  ["frame.emotion", "define.emotion"],
  ["frame.reach", "define.reach"],
  ["frame.wait_before", "define.wait_before"],
  ["frame.repeat_rate", "define.repeat_rate"],
  ["frame.verdict", "define.verdict"],
  ["frame.weight", "define.weight"],
  ["frame.feedback", "define.feedback"],
];

export default function GlossaryPage() {
  const { t, language } = useWords();
  const [sought, seek] = useState("");
  const terms = [...TERMS, ...SHARED]
    .map(([name, meaning]) => ({ name: t(name), meaning: t(meaning) }))
    .filter(({ name, meaning }) => `${name} ${meaning}`.toLowerCase().includes(sought.trim().toLowerCase()))
    .sort((a, b) => a.name.localeCompare(b.name, language));
  return (
    <Page
      title={t("help.glossary")}
      why={t("help.glossary_why")}
      tools={
        <TextInput
          size="xs"
          type="search"
          aria-label={t("help.glossary_find")}
          placeholder={t("help.glossary_find")}
          value={sought}
          onChange={(event) => seek(event.currentTarget.value)}
        />
      }
    >
      {!terms.length && <p>{t("help.none")}</p>}
      <dl className="glossary">
        {terms.map(({ name, meaning }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Page>
  );
}
