// What changed between two documents, part by part: added, removed, changed in a field, gone to another place.
import type { Journey, Text } from "../api/journey";
import { type PartName, same } from "./ops";

export interface Change {
  what: "added" | "removed" | "changed" | "moved";
  part: PartName;
  id: string;
  name: Text;
  field?: string;
  before?: unknown;
  after?: unknown;
}

interface Held {
  part: PartName;
  name: Text;
  stage: string | null;
  fields: Record<string, unknown>;
}

export function changes(before: Journey, after: Journey): Change[] {
  const [old, now] = [parts(before), parts(after)];
  const removed = [...old].filter(([key]) => !now.has(key)).map(([key, held]) => named("removed", key, held));
  const rest = [...now].flatMap(([key, held]) => {
    const was = old.get(key);
    return was ? between(key, was, held) : [named("added", key, held)];
  });
  return [...removed, ...rest, ...reordered(before, after)];
}

const named = (what: Change["what"], key: string, { part, name }: Held): Change => ({
  what,
  part,
  id: idOf(key),
  name,
});
const idOf = (key: string) => key.slice(key.indexOf(":") + 1);

function between(key: string, was: Held, held: Held): Change[] {
  const fields = [...new Set([...Object.keys(was.fields), ...Object.keys(held.fields)])];
  const changed = fields
    .filter((field) => !same(was.fields[field], held.fields[field]))
    .map((field) => {
      return { ...named("changed", key, held), field, before: was.fields[field], after: held.fields[field] };
    });
  return was.stage === held.stage ? changed : [named("moved", key, held), ...changed];
}

/** The first stage that stands elsewhere among those that both documents have. */
function reordered(before: Journey, after: Journey): Change[] {
  const ids = (journey: Journey, other: Journey) =>
    (journey.stages ?? []).filter((stage) => other.stages?.some((each) => each.id === stage.id));
  const [old, now] = [ids(before, after), ids(after, before)];
  const moved = now.find((stage, i) => old[i]?.id !== stage.id);
  return moved ? [{ what: "moved", part: "stage", id: moved.id, name: moved.name }] : [];
}

function parts(journey: Journey): Map<string, Held> {
  const found = new Map<string, Held>();
  const put = (part: PartName, one: { id: string }, name: Text, stage: string | null) => {
    const { id, stages, touchpoints, cards, personas, lanes, ...fields } = one as Record<string, unknown>;
    found.set(`${part}:${id}`, { part, name, stage, fields });
  };
  put("journey", journey, journey.title, null);
  for (const stage of journey.stages ?? []) {
    put("stage", stage, stage.name, null);
    for (const place of stage.touchpoints ?? []) put("touchpoint", place, place.name, stage.id);
    for (const card of stage.cards ?? []) put("card", card, card.text, stage.id);
  }
  for (const persona of journey.personas ?? []) put("persona", persona, persona.name, null);
  for (const lane of journey.lanes ?? []) put("lane", lane, lane.name, null);
  return found;
}
