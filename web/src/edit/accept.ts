// What the evidence suggests, taken onto the map: a finding, a theme or somebody's words as a card that rests on it, an
// event that nobody drew as a touchpoint that matches it.
import type { Card, Journey } from "../api/journey";
import type { Finding, LivingMap, Verbatim } from "../api/map";
import type { Theme } from "../api/voice";
import { newId, type Op } from "./ops";
import type { Place } from "./places";

type Evidence = { finding: string } | { verbatim: string } | { theme: string };

const QUOTES = 3; // of a theme, kept with its card

/** Where a finding belongs by itself: pain among the pain points, delight among the chances to do more of it. */
export function placeOfFinding({ stage, polarity }: Finding): Place {
  return { kind: "card", stage, lane: polarity === "pain" ? "pain_points" : "opportunities", after: null };
}

export function findingCard({ id, title, touchpoint }: Finding, place: Place, language: string): Op[] {
  return [card(place, { [language]: title }, touchpoint, [{ finding: id }])];
}

export function verbatimCard({ id, text, touchpoint }: Verbatim, stage: string): Op[] {
  return [card({ kind: "card", stage, lane: "thoughts", after: null }, text, touchpoint, [{ verbatim: id }])];
}

/** The touchpoint at which a theme is mostly said, of those that the journey has. */
export function touchpointOfTheme({ touchpoints }: Theme, journey: Journey): string | null {
  const drawn = new Set(journey.stages?.flatMap((stage) => stage.touchpoints ?? []).map(({ id }) => id));
  return Object.keys(touchpoints).find((id) => drawn.has(id)) ?? null;
}

/** Where a theme belongs by itself: in the stage where it is mostly said, else in the first; null where there is none. */
export function placeOfTheme(theme: Theme, journey: Journey): (Place & { stage: string }) | null {
  const touchpoint = touchpointOfTheme(theme, journey);
  const stages = journey.stages ?? [];
  const stage = stages.find(({ touchpoints }) => touchpoints?.some(({ id }) => id === touchpoint)) ?? stages[0];
  return stage ? { kind: "card", stage: stage.id, lane: theme.lane, after: null } : null;
}

/** A card named as the theme is, which rests on it and on its most typical texts. */
export function themeCard(theme: Theme, journey: Journey, place: Place): Op[] {
  const quotes = theme.quoted.slice(0, QUOTES).map((verbatim) => ({ verbatim }));
  const text = { [theme.language]: theme.name };
  return [card(place, text, touchpointOfTheme(theme, journey), [{ theme: theme.id }, ...quotes])];
}

function card({ stage, lane, after }: Place, text: Card["text"], touchpoint: string | null, evidence: Evidence[]): Op {
  const value: Record<string, unknown> & { id: string } = { id: newId("card"), lane, text, evidence };
  if (touchpoint) value.touchpoint = touchpoint;
  const op: Op = { op: "add", part: "card", stage, value };
  return after === null ? op : { ...op, after };
}

/** The card that rests on this already. */
export function cardOn(journey: Journey, kind: "finding" | "verbatim" | "theme", id: string): Card | undefined {
  const cards = (journey.stages ?? []).flatMap((stage) => stage.cards ?? []);
  return cards.find((each) => each.evidence?.some((one) => String(one[kind]) === id));
}

type Missing = LivingMap["conformance"]["missing_from_map"][number];

export function eventTouchpoint({ event }: Missing, stage: string): Op[] {
  const value = { id: newId("touchpoint"), name: event, match: [{ event: [event] }] };
  return [{ op: "add", part: "touchpoint", stage, value }];
}
