// Which lanes are drawn, in which order: the journey's own stand where they say; a lane with nothing in it is left out.
import { type Journey, LANES, type Text } from "../api/journey";

export interface Lane {
  id: string;
  name: Text | null; // null: a lane that every journey has, named by the catalogue
}

export function lanesOf(journey: Journey): Lane[] {
  const lanes: Lane[] = LANES.map((id) => ({ id, name: null }));
  for (const own of journey.lanes ?? []) {
    const place = own.after ? lanes.findIndex((lane) => lane.id === own.after) : -1;
    lanes.splice(place < 0 ? lanes.length : place + 1, 0, { id: own.id, name: own.name });
  }
  const stages = journey.stages ?? [];
  return lanes.filter(({ id, name }) => {
    if (name !== null || id === "touchpoints") return true;
    if (id === "owners" && stages.some((s) => s.owner || s.touchpoints?.some((t) => t.owner))) return true;
    if (id === "backstage" && stages.some((s) => s.touchpoints?.some((t) => t.backstage))) return true;
    return stages.some((s) => s.cards?.some((card) => card.lane === id));
  });
}
