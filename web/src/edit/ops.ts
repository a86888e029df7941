// The small commands that change a journey document, and what each does to it: the same rules as src/desirepath/journey/
// ops.py. Pure: a document and operations go in, a new document and what takes it all back come out. Parts are named by
// their ids and places by the neighbour they come after. What has not changed is shared with the old document.
import type { Card, Journey, Stage, Text } from "../api/journey";
import { isDefault } from "./bare";

export type Listed = "stage" | "touchpoint" | "card" | "persona" | "lane";
export type PartName = "journey" | Listed;

export interface SetOp {
  op: "set";
  part: PartName;
  id: string;
  field: string;
  key?: string; // one entry of a field that has several: a language, a persona
  value: unknown; // null takes it away
  was: unknown; // what was there when the change began
}
export interface AddOp {
  op: "add";
  part: Listed;
  value: Record<string, unknown> & { id: string };
  stage?: string | null;
  after?: string | null; // null: first; left out, or no longer there: last
}
export interface RemoveOp {
  op: "remove";
  part: Listed;
  id: string;
  was?: object;
}
export interface MoveOp {
  op: "move";
  part: Listed;
  id: string;
  stage?: string;
  lane?: string;
  after?: string | null;
}
export interface ReplaceOp {
  op: "replace";
  value: Journey;
  was: Journey;
}
export type Op = SetOp | AddOp | RemoveOp | MoveOp | ReplaceOp;

/** Something else is there by now (`now`) than was seen when the change began. */
export class Conflict extends Error {
  constructor(
    readonly op: Op,
    readonly now: unknown,
  ) {
    super(`${op.op}: something else is there by now`);
  }
}

export interface Applied {
  document: Journey;
  inverse: Op[];
}

/** The document after the operations, and the operations that lead back; throws `Conflict` and then has done nothing. */
export function apply(document: Journey, ops: Op[]): Applied {
  let result: Applied = { document, inverse: [] };
  for (const op of ops) {
    const step = one(result.document, op);
    result = { document: step.document, inverse: [...step.inverse, ...result.inverse] };
  }
  return result;
}

function one(document: Journey, op: Op): Applied {
  switch (op.op) {
    case "set":
      return set(document, op);
    case "add":
      return add(document, op);
    case "remove":
      return remove(document, op);
    case "move":
      return move(document, op);
    case "replace":
      if (!same(document, op.was)) throw new Conflict(op, document);
      return { document: op.value, inverse: [{ op: "replace", value: document, was: op.value }] };
  }
}

function set(document: Journey, op: SetOp): Applied {
  const found = find(document, op.part, op.id);
  if (!found) throw new Conflict(op, null);
  const wanted = usual(op.value, op);
  const now = valueAt(found.part, op.field, op.key);
  if (same(now, wanted)) return { document, inverse: [] };
  if (!same(now, usual(op.was, op))) {
    const both = gathered(op, now);
    if (!both) throw new Conflict(op, now);
    return set(document, { ...op, value: both, was: now });
  }
  const part = put(found.part, op.field, op.key, wanted);
  return { document: exchange(document, op.part, found, part), inverse: [{ ...op, value: now, was: wanted }] };
}

function add(document: Journey, op: AddOp): Applied {
  if (find(document, op.part, op.value.id)) return { document, inverse: [] }; // sent twice
  const siblings = listOf(document, op.part, op.stage);
  if (!siblings) throw new Conflict(op, null);
  const list = insert(siblings, op.value, op.after);
  return {
    document: withList(document, op.part, op.stage, list),
    inverse: [{ op: "remove", part: op.part, id: op.value.id }],
  };
}

function remove(document: Journey, op: RemoveOp): Applied {
  const found = find(document, op.part, op.id);
  if (!found) return { document, inverse: [] };
  if (op.was && !same(found.part, op.was)) throw new Conflict(op, found.part);
  const after = afterOf(found);
  const back: Op = { op: "add", part: op.part, value: found.part, stage: found.stage, after };
  const list = found.siblings.filter((part) => part !== found.part);
  const gone = withList(document, op.part, found.stage, list);
  const freed = letGo(gone, op.part, found.part);
  return { document: freed.document, inverse: [back, ...freed.inverse] };
}

function move(document: Journey, op: MoveOp): Applied {
  const found = find(document, op.part, op.id);
  if (!found) throw new Conflict(op, null);
  const stage = op.stage ?? found.stage;
  if (!listOf(document, op.part, stage)) throw new Conflict(op, null);
  const back: MoveOp = { op: "move", part: op.part, id: op.id, after: afterOf(found) };
  if (op.stage !== undefined && found.stage !== null) back.stage = found.stage;
  if (op.lane !== undefined) back.lane = found.part.lane as string;
  const left = withList(
    document,
    op.part,
    found.stage,
    found.siblings.filter((part) => part !== found.part),
  );
  const part = op.lane === undefined ? found.part : { ...found.part, lane: op.lane };
  const list = insert(listOf(left, op.part, stage) ?? [], part, op.after);
  return { document: withList(left, op.part, stage, list), inverse: [back] };
}

// Finding and putting parts

type Part = { id: string } & Record<string, unknown>;
interface Found {
  part: Part;
  siblings: Part[];
  stage: string | null;
}

const LISTS = {
  stage: "stages",
  touchpoint: "touchpoints",
  card: "cards",
  persona: "personas",
  lane: "lanes",
} as const;
const inStage = (part: PartName) => part === "touchpoint" || part === "card";

export function find(document: Journey, part: PartName, id: string): Found | null {
  const whole = document as unknown as Part;
  if (part === "journey") return document.id === id ? { part: whole, siblings: [whole], stage: null } : null;
  for (const stage of inStage(part) ? (document.stages ?? []).map((each) => each.id) : [null]) {
    const siblings = listOf(document, part, stage) ?? [];
    const one = siblings.find((each) => each.id === id);
    if (one) return { part: one, siblings, stage };
  }
  return null;
}

function listOf(document: Journey, part: Listed, stage: string | null | undefined): Part[] | null {
  const holder = inStage(part) ? document.stages?.find((each) => each.id === stage) : document;
  return holder ? (((holder as unknown as Record<string, unknown>)[LISTS[part]] as Part[]) ?? []) : null;
}

function withList(document: Journey, part: Listed, stage: string | null | undefined, list: object[]): Journey {
  if (!inStage(part)) return { ...document, [LISTS[part]]: list };
  const stages = (document.stages ?? []).map((each) => (each.id === stage ? { ...each, [LISTS[part]]: list } : each));
  return { ...document, stages };
}

function exchange(document: Journey, part: PartName, found: Found, by: Part): Journey {
  if (part === "journey") return by as unknown as Journey;
  const list = found.siblings.map((each) => (each === found.part ? by : each));
  return withList(document, part, found.stage, list);
}

function insert(siblings: Part[], part: object, after: string | null | undefined): object[] {
  const place = after ? siblings.findIndex((each) => each.id === after) : -1;
  const at = after === null ? 0 : place < 0 ? siblings.length : place + 1;
  return [...siblings.slice(0, at), part, ...siblings.slice(at)];
}

const afterOf = ({ part, siblings }: Found) => siblings[siblings.indexOf(part) - 1]?.id ?? null;

// What refers to a part that goes

function letGo(document: Journey, part: Listed, gone: Part): Applied {
  if (part === "touchpoint") return letGoOfTouchpoints(document, [gone.id]);
  if (part === "stage") {
    const stage = gone as unknown as Stage;
    return letGoOfTouchpoints(
      document,
      (stage.touchpoints ?? []).map((place) => place.id),
    );
  }
  if (part === "persona") return letGoOfPersona(document, gone.id);
  if (part === "lane") return letGoOfLane(document, gone);
  return { document, inverse: [] };
}

const cardsOf = (document: Journey): Card[] => (document.stages ?? []).flatMap((stage) => stage.cards ?? []);

function letGoOfTouchpoints(document: Journey, ids: string[]): Applied {
  const freeing = cardsOf(document)
    .filter((card) => card.touchpoint && ids.includes(card.touchpoint))
    .map((card) => taking("card", card.id, "touchpoint", card.touchpoint));
  return backwards(document, freeing);
}

function letGoOfPersona(document: Journey, persona: string): Applied {
  const cards = cardsOf(document)
    .filter((card) => card.persona === persona)
    .map((card) => taking("card", card.id, "persona", persona));
  const places = (document.stages ?? []).flatMap((stage) => stage.touchpoints ?? []);
  const felt = places.flatMap((place) =>
    (["assumed_emotion", "assumed_feeling"] as const)
      .filter((field) => place[field]?.[persona] !== undefined)
      .map((field) => taking("touchpoint", place.id, field, place[field]?.[persona], persona)),
  );
  return backwards(document, [...cards, ...felt]);
}

function letGoOfLane(document: Journey, lane: Part): Applied {
  const next = (document.lanes ?? []).filter((other) => other.after === lane.id);
  return backwards(
    document,
    next.map(({ id }) => ({ ...taking("lane", id, "after", lane.id), value: lane.after ?? null })),
  );
}

function taking(part: PartName, id: string, field: string, was: unknown, key?: string): SetOp {
  return { op: "set", part, id, field, ...(key === undefined ? {} : { key }), value: null, was };
}

function backwards(document: Journey, ops: Op[]): Applied {
  const { document: freed, inverse } = apply(document, ops);
  return { document: freed, inverse: inverse.reverse() };
}

// Values

/** The value as the document would hold it: absent where it is as by default. */
function usual(value: unknown, { key, field }: SetOp): unknown {
  if (value === undefined || value === null) return null;
  if (key !== undefined) return value;
  return isDefault(field, value) ? null : value;
}

/** What is there now with what a change added and without what it took away; null where it is no list of evidence. */
function gathered(op: SetOp, now: unknown): unknown[] | null {
  const lists = [now, op.was, op.value].map((each) => each ?? []);
  if (op.part !== "card" || op.field !== "evidence" || op.key !== undefined || !lists.every(Array.isArray)) return null;
  const [there = [], before = [], after = []] = lists as unknown[][];
  const has = (list: unknown[], piece: unknown) => list.some((each) => same(each, piece));
  const kept = there.filter((piece) => has(after, piece) || !has(before, piece));
  return [...kept, ...after.filter((piece) => !has(before, piece) && !has(there, piece))];
}

function valueAt(part: Part, field: string, key: string | undefined): unknown {
  const value = part[field];
  return (key === undefined ? value : (value as Record<string, unknown> | undefined)?.[key]) ?? null;
}

function put(part: Part, field: string, key: string | undefined, value: unknown): Part {
  const { [field]: before, ...rest } = part;
  if (key === undefined) return (value === null ? rest : { ...part, [field]: value }) as Part;
  const { [key]: _, ...entries } = (before ?? {}) as Record<string, unknown>;
  const now = value === null ? entries : { ...entries, [key]: value };
  return (Object.keys(now).length ? { ...part, [field]: now } : rest) as Part;
}

/** Whether two values are the same, in whatever order their entries stand; nothing and null are one. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b || (a ?? null) === (b ?? null)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false;
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(x), ...Object.keys(y)])].every((key) => same(x[key], y[key]));
}

// Making operations

/** A new id, likely nobody else's: the server refuses one that is taken. */
export function newId(kind: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `${kind}-${[...bytes].map((byte) => (byte % 36).toString(36)).join("")}`;
}

/** Says a text in the reader's language; a text that has no languages is changed as a whole. */
export function setText(
  [part, id, field]: [PartName, string, string],
  was: Text | null | undefined,
  value: string,
  language: string,
): SetOp {
  if (typeof was !== "object" || !was) return { op: "set", part, id, field, value: value || null, was: was ?? null };
  return { op: "set", part, id, field, key: language, value: value || null, was: was[language] ?? null };
}
