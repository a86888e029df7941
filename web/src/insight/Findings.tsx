// What was found by itself, the heaviest first, each with the figures and the customers behind it.
import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import type { Finding } from "../api/map";
import { useWords } from "../i18n";
import type { PartProps } from "./InsightPage";
import { useNames } from "./names";
import { Walks } from "./Walks";

export function Findings({ map }: PartProps) {
  const { t } = useWords();
  if (!map.findings.length) return <p>{t("frame.no_findings")}</p>;
  return (
    <ol className="box rows">
      {map.findings.map((finding) => (
        <li key={finding.id}>
          <Row map={map} finding={finding} />
        </li>
      ))}
    </ol>
  );
}

function Row({ map, finding }: PartProps & { finding: Finding }) {
  const { t, number } = useWords();
  const [shown, show] = useState(false);
  const { id, polarity, touchpoint, stage } = finding;
  const behind: Record<string, string> = touchpoint ? { touchpoint } : { stage };
  const facts: [string, string][] = [
    [t("frame.reach"), number(finding.share, "share")],
    [t("frame.customers"), number(finding.customers, "integer")],
    [t("frame.severity"), number(finding.severity, "fixed")],
    [t("frame.confidence"), number(finding.confidence, "share")],
  ];
  return (
    <>
      <div className="grow">
        <span className={`tone-${polarity} kicker`}>{t(`frame.${polarity}`)}</span>{" "}
        <Link to={`/journeys/${map.journey.id}?open=finding:${encodeURIComponent(id)}`}>{finding.title}</Link>
        <dl className="facts-line quiet">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt> <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
      <Button
        size="compact-xs"
        variant="default"
        aria-expanded={shown}
        aria-label={`${t("insight.behind")}: ${finding.title}`}
        onClick={() => show(!shown)}
      >
        {t("insight.behind")}
      </Button>
      {shown && (
        <div className="opened">
          <Evidence map={map} finding={finding} />
          <Walks map={map} behind={behind} />
        </div>
      )}
    </>
  );
}

/** Each figure beside what it is compared with. */
function Evidence({ map, finding }: PartProps & { finding: Finding }) {
  const { t, has, number } = useWords();
  const names = useNames(map);
  return (
    <ul className="evidence">
      {finding.evidence.map((each) => (
        <li key={each.measure}>
          {names.measure(each.measure)}:{" "}
          <strong>{names.value(each.measure, each.value ?? each.median_s ?? null)}</strong>
          {each.low != null && each.high != null && (
            <span className="quiet">
              {" "}
              [{names.value(each.measure, each.low)} … {names.value(each.measure, each.high)}], n ={" "}
              {number(each.n, "integer")}
            </span>
          )}
          {each.baseline != null && (
            <span className="quiet">
              {" · "}
              {each.compared_with && has(`compare.${each.compared_with}`) ? t(`compare.${each.compared_with}`) : ""}{" "}
              {names.value(each.measure, each.baseline)}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
