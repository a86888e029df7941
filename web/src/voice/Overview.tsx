// How much was said, how it feels, in which languages, and by what it was read.
import { Link } from "react-router";
import { reaches, useRole } from "../api/session";
import { useOverview } from "../api/voice";
import { useWords } from "../i18n";
import { Empty } from "../ui/Empty";
import { Box } from "../ui/Page";
import { Trouble } from "../ui/Trouble";
import { Waiting } from "../ui/Waiting";
import { Bars } from "./Bars";
import { Feeling } from "./Feeling";
import { languageName } from "./languages";

export function Overview() {
  const { t, has, language, number } = useWords();
  const found = useOverview();
  const editor = reaches(useRole(), "editor");
  if (found.isPending) return <Waiting />;
  if (found.isError) return <Trouble error={found.error} retry={found.refetch} />;
  const voice = found.data;
  if (!voice.feedback)
    return (
      <Empty title={t("voice.nothing")}>
        {editor ? <Link to="/data">{t("voice.nothing_do")}</Link> : t("data.no_sources_viewer")}
      </Empty>
    );
  const known = (prefix: string) => (key: string) => (has(`${prefix}.${key}`) ? t(`${prefix}.${key}`) : key);
  return (
    <div className="boxes">
      <Box title={t("voice.feels")}>
        <div className="box-body">
          <dl className="figures">
            <div>
              <dt>{t("frame.emotion")}</dt>
              <dd>
                <Feeling score={voice.emotion} />
              </dd>
            </div>
            <div>
              <dt>{t("frame.feedback")}</dt>
              <dd>{number(voice.feedback, "integer")}</dd>
            </div>
            <div>
              <dt>{t("voice.about_us")}</dt>
              <dd>{number(voice.about_us, "integer")}</dd>
            </div>
          </dl>
          <Bars counts={voice.states} name={known("voice.state")} />
          {voice.contradictions.n > 0 && (
            <p className="quiet">{t("voice.contradictions", { n: voice.contradictions.n })}</p>
          )}
        </div>
      </Box>
      <Box title={t("voice.kinds")}>
        <div className="box-body">
          <Bars counts={voice.kinds} name={known("feedback")} />
        </div>
      </Box>
      <Box title={t("voice.languages")}>
        <div className="box-body">
          <Bars counts={voice.languages} name={(tag) => languageName(tag, language) ?? t("voice.unknown")} />
        </div>
      </Box>
      <Box title={t("voice.layers")} why={t("voice.layers_why")}>
        <div className="box-body">
          <Bars counts={voice.layers} name={known("voice.layer")} />
        </div>
      </Box>
    </div>
  );
}
