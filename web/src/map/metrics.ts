// Numbers that somebody else computed, one series for each metric, place and source, and how a card names one.
import type { LivingMap, Metric } from "../api/map";
import { useWords } from "../i18n";

export interface Series {
  metric: string;
  stage: string | null;
  touchpoint: string | null;
  source: string;
  values: Metric[]; // the newest first, never empty
}

const PLACES = ["stage", "touchpoint", "source"] as const;

export function seriesOf(metrics: Metric[]): Series[] {
  const found = new Map<string, Series>();
  for (const one of [...metrics].sort((a, b) => b.to.localeCompare(a.to))) {
    const { metric, stage, touchpoint, source } = one;
    const key = JSON.stringify([metric, stage, touchpoint, source]);
    const series = found.get(key) ?? { metric, stage, touchpoint, source, values: [] };
    series.values.push(one);
    found.set(key, series);
  }
  return [...found.values()];
}

/** What a card keeps of a series (src/desirepath/insight/cards.py). */
export function metricPiece(series: Series): Record<string, string> {
  const places = PLACES.flatMap((place) => (series[place] === null ? [] : [[place, series[place]]]));
  return { metric: series.metric, ...Object.fromEntries(places) };
}

export function isMeant(piece: Record<string, unknown>, series: Series): boolean {
  return (
    piece.metric === series.metric &&
    PLACES.every((place) => [undefined, series[place]].includes(piece[place] as string))
  );
}

/** A series in words: its name and place, its newest value, and each value with its period. */
export function useMetricWords(map: LivingMap) {
  const { t, has, text, number } = useWords();
  const stages = map.journey.stages ?? [];
  const placeOf = ({ stage, touchpoint }: Series) => {
    const place = stages.flatMap((each) => each.touchpoints ?? []).find((each) => each.id === touchpoint);
    return text((place ?? stages.find((each) => each.id === stage))?.name) || touchpoint || stage;
  };
  const name = (series: Series) => {
    const own = has(`kpi.${series.metric}`) ? t(`kpi.${series.metric}`) : series.metric;
    return [own, placeOf(series)].filter(Boolean).join(" · ");
  };
  const lastDay = (until: string) => new Date(Date.parse(until) - 1).toISOString();
  const value = (one: Metric) => number(one.value, "decimal");
  const period = (one: Metric) => t("line.period", { start: one.from, end: lastDay(one.to) });
  return { name, value, period };
}
