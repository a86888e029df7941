// The facts in the panel: what was said, counted, measured and felt, each with what it rests on.
import type { ReactNode } from "react";
import type { Emotion, Estimate, Verdict, Wait } from "../api/map";
import { useWords } from "../i18n";
import { tone } from "./curve";
import { VerdictMark } from "./VerdictMark";

export function Facts({ children }: { children: ReactNode }) {
  return <dl className="panel-facts">{children}</dl>;
}

/** What the team said; left out where it said nothing. */
export function Told({ name, value, why }: { name: string; value: string | null | undefined; why?: string }) {
  if (!value) return null;
  return (
    <div title={why}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

export function Linked({ name, value, follow }: { name: string; value: string; follow: () => void }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <button type="button" className="plain link" onClick={follow}>
          {value}
        </button>
      </dd>
    </div>
  );
}

interface FactProps {
  name: string;
  value: number | null;
  kind: "integer" | "share";
  why?: string;
}

export function Fact({ name, value, kind, why }: FactProps) {
  const { number } = useWords();
  return <Told name={name} value={number(value, kind)} why={why} />;
}

export function Measured({ name, estimate, why }: { name: string; estimate: Estimate; why?: string }) {
  const { t, number } = useWords();
  const kind = kindOf(estimate.unit);
  if (estimate.value === null) return <Told name={name} value={t("line.unknown")} why={why} />;
  const [low, high] = [number(estimate.low, kind), number(estimate.high, kind)];
  return (
    <div title={why}>
      <dt>{name}</dt>
      <dd>
        {number(estimate.value, kind)} <small>{t("line.estimate", { low, high, n: estimate.n })}</small>
      </dd>
    </div>
  );
}

function kindOf(unit: string | undefined) {
  if (unit === "share") return "share" as const;
  return unit === "points" ? ("points" as const) : ("fixed" as const);
}

export function Lasting({ name, wait, why }: { name: string; wait: Wait; why?: string }) {
  const { t } = useWords();
  const { median_s, p90_s, n } = wait;
  const value = median_s === null ? t("line.unknown") : t("line.wait", { median: median_s, p90: p90_s, n });
  return <Told name={name} value={value} why={why} />;
}

export function Felt({ emotion }: { emotion: Emotion }) {
  const { t, has } = useWords();
  const { score, low, high, n } = emotion;
  if (score === null) return <Told name={t("frame.emotion")} value={t("frame.nothing_known")} />;
  const name = (kind: string) => (has(`feedback.${kind}`) ? t(`feedback.${kind}`) : kind);
  const sources = Object.entries(emotion.sources).map(([kind, n]) => t("line.sources_mix", { kind: name(kind), n }));
  const belief = emotion.assumed.all;
  return (
    <div title={t("define.emotion")}>
      <dt>{t("frame.emotion")}</dt>
      <dd className={`felt ${tone(score)}`}>
        {low === null ? t("line.score_only", { score, n }) : t("line.score", { score, low, high, n })}
        <small>{sources.join(", ")}</small>
        {belief !== undefined && <small>{t("line.assumed", { score: belief })}</small>}
      </dd>
    </div>
  );
}

export function Kpis({ kpis }: { kpis: Record<string, Estimate> }) {
  const { t, has } = useWords();
  return Object.entries(kpis)
    .filter(([name]) => name !== "emotion")
    .map(([name, estimate]) => (
      <Measured key={name} name={has(`kpi.${name}`) ? t(`kpi.${name}`) : name} estimate={estimate} />
    ));
}

export function VerdictLine({ verdict, reason }: { verdict: Verdict; reason: string }) {
  const { t } = useWords();
  return (
    <p className={`verdict-line ${verdict}`}>
      <VerdictMark verdict={verdict} /> <b>{t(`badge.${verdict}`)}</b> {t(reason)}
    </p>
  );
}
