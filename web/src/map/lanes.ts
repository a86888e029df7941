// Which lanes are drawn, in which order: the journey's own stand where they say; one with nothing in it is left out,
// unless it is asked for.
import { type Journey, LANES, type Text } from "../api/journey";

export interface Lane {
  id: string;
  name: Text | null; // null: a lane that every journey has, named by the catalogue
}

/** The lanes that hold something, and the empty ones in `asked`; with null all there are. */
export function lanesOf(journey: Journey, asked: string[] | null = []): Lane[] {
  return ordered(journey).filter((lane) => !asked || asked.includes(lane.id) || holds(journey, lane));
}

export const nameOf = ({ id, name }: Lane, t: (key: string) => string, text: (text: Text) => string) =>
  name ? text(name) : t(`lane.${id}`);

function ordered(journey: Journey): Lane[] {
  const lanes: Lane[] = LANES.map((id) => ({ id, name: null }));
  let waiting = journey.lanes ?? [];
  while (waiting.length) {
    const placed = waiting.filter(({ after }) => after && lanes.some((lane) => lane.id === after));
    const next = placed[0] ?? waiting[0];
    if (!next) break;
    const place = lanes.findIndex((lane) => lane.id === next.after);
    lanes.splice(place < 0 ? lanes.length : place + 1, 0, { id: next.id, name: next.name });
    waiting = waiting.filter((each) => each !== next);
  }
  return lanes;
}

function holds(journey: Journey, { id, name }: Lane): boolean {
  const stages = journey.stages ?? [];
  if (name !== null || id === "touchpoints") return true;
  if (id === "owners" && stages.some((s) => s.owner || s.touchpoints?.some((t) => t.owner))) return true;
  if (id === "backstage" && stages.some((s) => s.touchpoints?.some((t) => t.backstage))) return true;
  return stages.some((s) => s.cards?.some((card) => card.lane === id));
}
