// Reach, drop-off, time spent and NPS of a stage; the interval and n on hover.
import type { Estimate, StageView } from "../api/map";
import { useWords } from "../i18n";

export function StageNumbers({ stage, cases }: { stage: StageView; cases: number }) {
  const { t, number } = useWords();
  const interval = (estimate: Estimate, kind: "share" | "points") =>
    t("line.estimate", { low: number(estimate.low, kind), high: number(estimate.high, kind), n: estimate.n });
  const { nps } = stage.kpis;
  const { median_s, p90_s, n } = stage.dwell;
  const rows: [string, string, string][] = [
    [
      t("frame.reach"),
      number(cases ? stage.entered / cases : null, "share"),
      t("line.out_of", { part: stage.entered, whole: cases }),
    ],
    [t("frame.drop_off"), number(stage.drop_rate.value, "share"), interval(stage.drop_rate, "share")],
    [t("frame.dwell"), number(median_s, "duration"), t("line.wait", { median: median_s, p90: p90_s, n })],
  ];
  if (nps) rows.push([t("kpi.nps"), number(nps.value, "points"), interval(nps, "points")]);
  return (
    <dl className="stage-numbers">
      {rows.map(([name, value, why]) => (
        <div key={name} title={why}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
