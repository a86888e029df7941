// What each column of a file means, read from a block of a mapping and written back into it. Whatever a block says that
// a choice per column cannot show (lookups, SQL, constants) stays as it is.
import type { Block, FilePreview } from "../api/evidence";

const EVENTS = ["customer", "case", "event", "at", "channel", "value", "currency", "event_id"];
const FEEDBACK = ["text", "score", "at", "customer", "case", "touchpoint", "id", "language", "about", "author"];
const MOMENT = "moment"; // a time at which an event of this column's name happened
const DIMENSION = "dimension";
export const NOTHING = "";
export const SCALES = ["nps", "csat5", "csat7", "ces7", "stars", "thumbs"];

type Fields = Record<string, unknown>;
interface Event {
  event: unknown;
  at: unknown;
}

/** The block that reads a file, and whether choices per column can show it. */
export function blockOf(blocks: Block[], file: string): number {
  const plain = file.replace(/\.(gz|zip)$/, "");
  return blocks.findIndex(({ files }) => Array.isArray(files) && (files.includes(file) || files.includes(plain)));
}

export const simple = (block: Block) =>
  (block.kind === undefined || block.kind === "events" || block.kind === "feedback") && !Array.isArray(block.feedback);

export function rolesFor(block: Block): string[] {
  return block.kind === "feedback" ? [...FEEDBACK, DIMENSION] : [...EVENTS, MOMENT, DIMENSION];
}

/** A column as it is named, alone or with more about it. */
function named(value: unknown): string | null {
  if (typeof value === "string") return value;
  const column = (value as { column?: unknown } | null | undefined)?.column;
  return typeof column === "string" ? column : null;
}

const fieldsOf = (block: Block): Fields => ((block.kind === "feedback" ? block.feedback : block) ?? {}) as Fields;
const keysOf = (block: Block) => (block.kind === "feedback" ? FEEDBACK : EVENTS);
const momentsOf = (block: Block) => (block.events ?? []) as Event[];
const dimensionsOf = (block: Block) => (block.dimensions ?? {}) as Fields;

export function roleOf(block: Block, column: string): string {
  const fields = fieldsOf(block);
  const key = keysOf(block).find((each) => named(fields[each]) === column);
  if (key) return key;
  if (momentsOf(block).some(({ at }) => named(at) === column)) return MOMENT;
  return Object.values(dimensionsOf(block)).some((each) => named(each) === column) ? DIMENSION : NOTHING;
}

/** The block with another meaning for a column; who had that meaning before has none any more. */
export function withRole(block: Block, column: string, role: string): Block {
  const keys = keysOf(block);
  const fields = { ...fieldsOf(block) };
  const before = role in fields ? fields[role] : undefined;
  for (const key of keys) if (named(fields[key]) === column) delete fields[key];
  const dimensions = Object.fromEntries(
    Object.entries(dimensionsOf(block)).filter(([, value]) => named(value) !== column),
  );
  let events = momentsOf(block).filter(({ at }) => named(at) !== column);
  if (role === DIMENSION) dimensions[plain(column)] = column;
  else if (role === MOMENT) events = [...events, { event: plain(column).replace(/_(at|time|date)$/, ""), at: column }];
  else if (role === "score") fields.score = { scale: "stars", ...(before as Fields | undefined), column };
  else if (role !== NOTHING)
    fields[role] = before && typeof before === "object" ? { ...(before as Fields), column } : column;
  const next: Block = block.kind === "feedback" ? { ...block, feedback: fields } : { ...block, ...fields };
  if (block.kind !== "feedback") for (const key of keys) if (!(key in fields)) delete next[key];
  delete next.dimensions;
  delete next.events;
  if (Object.keys(dimensions).length) next.dimensions = dimensions;
  if (events.length) next.events = events;
  return next;
}

/** The block read as another kind: who and when stay, the rest is to be said. */
export function withKind(block: Block, kind: "events" | "feedback"): Block {
  const { customer, case: case_, at } = fieldsOf(block);
  const kept = Object.fromEntries(Object.entries({ customer, case: case_, at }).filter(([, value]) => value));
  const { source, files, timezone } = block;
  const same = { source, files, ...(timezone ? { timezone } : {}), kind };
  return kind === "feedback" ? { ...same, feedback: { kind: "survey", ...kept } } : { ...same, ...kept };
}

export const scaleOf = (block: Block) => String((fieldsOf(block).score as Fields | undefined)?.scale ?? SCALES[0]);

export function withScale(block: Block, scale: string): Block {
  const feedback = fieldsOf(block);
  return { ...block, feedback: { ...feedback, score: { ...(feedback.score as Fields), scale } } };
}

/** How sure the guess was of a column; null where nothing was guessed. */
export function sureness(confidences: Record<string, number>, index: number, role: string): number | null {
  const key = Object.keys(confidences).find((each) => each.startsWith(`${index + 1}.`) && each.endsWith(`.${role}`));
  return key === undefined ? null : (confidences[key] ?? null);
}

const plain = (column: string) =>
  column
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "") || "column";

export const readable = (file: FilePreview) => file.problem === null && file.columns.length > 0;
