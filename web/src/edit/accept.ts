// What the evidence suggests, taken onto the map: a finding or somebody's words as a card that rests on it, an event that
// nobody drew as a touchpoint that matches it.
import type { Card, Journey } from "../api/journey";
import type { Finding, LivingMap, Verbatim } from "../api/map";
import { newId, type Op } from "./ops";
import type { Place } from "./places";

type Evidence = { finding: string } | { verbatim: string };

/** Where a finding belongs by itself: pain among the pain points, delight among the chances to do more of it. */
export function placeOfFinding({ stage, polarity }: Finding): Place {
  return { kind: "card", stage, lane: polarity === "pain" ? "pain_points" : "opportunities", after: null };
}

export function findingCard({ id, title, touchpoint }: Finding, place: Place, language: string): Op[] {
  return [card(place, { [language]: title }, touchpoint, { finding: id })];
}

export function verbatimCard({ id, text, touchpoint }: Verbatim, stage: string): Op[] {
  return [card({ kind: "card", stage, lane: "thoughts", after: null }, text, touchpoint, { verbatim: id })];
}

function card({ stage, lane, after }: Place, text: Card["text"], touchpoint: string | null, evidence: Evidence): Op {
  const value: Record<string, unknown> & { id: string } = { id: newId("card"), lane, text, evidence: [evidence] };
  if (touchpoint) value.touchpoint = touchpoint;
  const op: Op = { op: "add", part: "card", stage, value };
  return after === null ? op : { ...op, after };
}

/** The card that rests on this already. */
export function cardOn(journey: Journey, kind: "finding" | "verbatim", id: string): Card | undefined {
  const cards = (journey.stages ?? []).flatMap((stage) => stage.cards ?? []);
  return cards.find((each) => each.evidence?.some((one) => String(one[kind]) === id));
}

type Missing = LivingMap["conformance"]["missing_from_map"][number];

export function eventTouchpoint({ event }: Missing, stage: string): Op[] {
  const value = { id: newId("touchpoint"), name: event, match: [{ event: [event] }] };
  return [{ op: "add", part: "touchpoint", stage, value }];
}
