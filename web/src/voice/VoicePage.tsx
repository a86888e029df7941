// The voice of the customer: an overview, what people talk about, their own words, teaching, quality and coverage.
import { NavLink, useParams } from "react-router";
import { reaches, useRole } from "../api/session";
import { useWords } from "../i18n";
import { Page } from "../ui/Page";
import { Parts } from "../ui/Parts";
import { Heard } from "./Heard";
import { Overview } from "./Overview";
import { Teach } from "./Teach";
import { Themes } from "./Themes";
import { Words } from "./Words";
import "./voice.css";

const PARTS = { overview: Overview, themes: Themes, words: Words, teach: Teach, heard: Heard };
type Part = keyof typeof PARTS;

export default function VoicePage() {
  const { t } = useWords();
  const editor = reaches(useRole(), "editor");
  const { part = "overview" } = useParams();
  const shown = (Object.keys(PARTS) as Part[]).filter((each) => each !== "teach" || editor);
  const Content = shown.includes(part as Part) ? PARTS[part as Part] : Overview;
  return (
    <Page wide title={t("voice.title")} why={t("voice.why")}>
      <Parts className="parts" label={t("voice.title")}>
        {shown.map((each) => (
          <NavLink key={each} to={each === "overview" ? "/voice" : `/voice/${each}`} end>
            {t(`voice.${each}`)}
          </NavLink>
        ))}
      </Parts>
      <Content />
    </Page>
  );
}
