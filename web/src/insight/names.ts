// What places and measures of a map are called.
import type { LivingMap } from "../api/map";
import { useWords } from "../i18n";

const SCORES: Record<string, "score" | "points" | "fixed"> = {
  emotion: "score",
  nps: "points",
  csat_mean: "fixed",
  ces_mean: "fixed",
  stars_mean: "fixed",
};

export function useNames(map: LivingMap) {
  const { t, has, text, number } = useWords();
  const stages = map.journey.stages ?? [];
  const touchpoints = stages.flatMap((stage) => stage.touchpoints ?? []);
  const touchpoint = (id: string | null) => text(touchpoints.find((each) => each.id === id)?.name) || (id ?? "");
  const stage = (id: string | null) => text(stages.find((each) => each.id === id)?.name) || (id ?? "");
  return {
    touchpoint,
    stage,
    place: (at: { touchpoint: string | null; stage: string | null }) =>
      at.touchpoint ? touchpoint(at.touchpoint) : stage(at.stage),
    measure: (name: string) =>
      [`insight.measure.${name}`, `measure.${name}`, `kpi.${name}`].filter(has).map((key) => t(key))[0] ?? name,
    value: (measure: string, value: number | null) =>
      measure === "wait_before" ? number(value, "duration") : number(value, SCORES[measure] ?? "share"),
  };
}
