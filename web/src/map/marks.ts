// What the evidence says of the parts of the document, by id: looked up once a map, not once a card.
import type { Finding, LivingMap, StageView, TouchpointView, Verdict } from "../api/map";

export interface Marks {
  stages: Map<string, StageView>;
  touchpoints: Map<string, TouchpointView>;
  cards: Map<string, { verdict: Verdict; reason: string }>;
  findings: Map<string, Finding[]>; // by touchpoint
  cases: number;
}

const made = new WeakMap<object, { of: unknown[]; marks: Marks }>(); // an edit of the journey alone makes no new ones

export function marksOf(map: LivingMap): Marks {
  const of = [map.stages, map.touchpoints, map.cards, map.findings, map.cases]; // what has not changed stays the same
  const known = made.get(map.stages);
  if (known && of.every((part, i) => part === known.of[i])) return known.marks;
  const marks = make(map);
  made.set(map.stages, { of, marks });
  return marks;
}

function make(map: LivingMap): Marks {
  const findings = new Map<string, Finding[]>();
  for (const finding of map.findings) {
    if (finding.touchpoint) findings.set(finding.touchpoint, [...(findings.get(finding.touchpoint) ?? []), finding]);
  }
  return {
    stages: new Map(map.stages.map((stage) => [stage.id, stage])),
    touchpoints: new Map(map.touchpoints.map((t) => [t.id, t])),
    cards: new Map(map.cards.map((card) => [card.id, card])),
    findings,
    cases: map.cases,
  };
}
