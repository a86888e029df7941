// Where a part can be put down: found in the document by the arrow keys, in the drawn map by the pointer. The map says
// with `data-` attributes what is where, so that a place is found whatever form the map has and however it is scrolled.
import type { Journey } from "../api/journey";
import { find, type MoveOp, type Op, same } from "./ops";

export type Kind = "card" | "touchpoint" | "stage" | "lane";
export interface Place {
  kind: Kind;
  stage?: string;
  lane?: string;
  after: string | null;
}

/** Where a part is now. `lanes` are those drawn, in their order. */
export function placeOf(document: Journey, kind: Kind, id: string, lanes: string[]): Place | null {
  if (kind === "lane") return { kind, after: lanes[lanes.indexOf(id) - 1] ?? null };
  const found = find(document, kind, id);
  if (!found) return null;
  const lane = kind === "card" ? (found.part.lane as string) : undefined;
  const row = found.siblings.filter((each) => lane === undefined || each.lane === lane).map((each) => each.id);
  const after = row[row.indexOf(id) - 1] ?? null;
  return { kind, after, ...(found.stage === null ? {} : { stage: found.stage }), ...(lane ? { lane } : {}) };
}

/** The next place in the direction of an arrow key; the same one where there is none. */
export function nextPlace(document: Journey, lanes: string[], moving: string, place: Place, key: string): Place {
  const step = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
  const across = key === "ArrowLeft" || key === "ArrowRight";
  const stages = (document.stages ?? []).map((stage) => stage.id);
  if (place.kind === "stage") return across ? along(place, without(stages, moving), step) : place;
  if (place.kind === "lane") return across ? place : along(place, without(lanes, moving), step, 1);
  const row = rowOf(document, place, moving);
  if (across) {
    const stage = stages[stages.indexOf(place.stage ?? "") + step];
    if (!stage) return place;
    const there = rowOf(document, { ...place, stage }, moving);
    const at = place.after === null ? 0 : row.indexOf(place.after) + 1;
    return { ...place, stage, after: at === 0 ? null : (there[Math.min(at, there.length) - 1] ?? null) };
  }
  const further = along(place, row, step);
  if (!same(further, place) || place.kind === "touchpoint") return further;
  const lane = lanes[lanes.indexOf(place.lane ?? "") + step];
  if (!lane) return place;
  const there = rowOf(document, { ...place, lane }, moving);
  return { ...place, lane, after: step < 0 ? (there.at(-1) ?? null) : null };
}

const without = (ids: string[], id: string) => ids.filter((each) => each !== id);

function along(place: Place, row: string[], step: number, first = 0): Place {
  const at = (place.after === null ? 0 : row.indexOf(place.after) + 1) + step;
  return at < first || at > row.length ? place : { ...place, after: row[at - 1] ?? null };
}

function rowOf(document: Journey, { kind, stage, lane }: Place, moving: string): string[] {
  const held = document.stages?.find((each) => each.id === stage);
  const row = kind === "touchpoint" ? held?.touchpoints : held?.cards?.filter((card) => card.lane === lane);
  return without(
    (row ?? []).map((each) => each.id),
    moving,
  );
}

/** The operations that put a part there; none where it is there already. */
export function moving(document: Journey, kind: Kind, id: string, place: Place, lanes: string[]): Op[] {
  const now = placeOf(document, kind, id, lanes);
  if (!now || same(now, place)) return [];
  if (kind === "lane") return movingLane(document, id, place.after);
  const op: MoveOp = { op: "move", part: kind, id, after: place.after };
  if (place.stage !== undefined && place.stage !== now.stage) op.stage = place.stage;
  if (place.lane !== undefined && place.lane !== now.lane) op.lane = place.lane;
  return [op];
}

/** Own lanes say after which lane they stand: one that goes elsewhere closes the gap behind it and opens one there. */
function movingLane(document: Journey, id: string, after: string | null): Op[] {
  const lanes = document.lanes ?? [];
  const lane = lanes.find((each) => each.id === id);
  if (!lane || after === null) return [];
  const put = (which: string, value: string | null, was: string | null): Op => {
    return { op: "set", part: "lane", id: which, field: "after", value, was };
  };
  const behind = lanes.filter((each) => each.after === id).map((each) => put(each.id, lane.after ?? null, id));
  const pushed = lanes.filter((each) => each.after === after && each.id !== id).map((each) => put(each.id, id, after));
  return [...behind, put(id, after, lane.after ?? null), ...pushed];
}

// In the drawn map

const named = (name: string, value: string) => `[data-${name}="${CSS.escape(value)}"]`;
const all = (selector: string, within: ParentNode = document) => [...within.querySelectorAll<HTMLElement>(selector)];

/** The place under the pointer. */
export function placeAt(kind: Kind, moving: string, x: number, y: number): Place | null {
  if (kind === "stage") return { kind, after: lastBefore("[data-stage-head]", "stageHead", moving, x, "x") };
  if (kind === "lane") {
    const after = lastBefore("[data-lane-row]", "laneRow", moving, y, "y");
    return after === null ? null : { kind, after };
  }
  const under = document.elementsFromPoint(x, y).find((each) => each.closest("[data-cell]"));
  let cell = under?.closest<HTMLElement>("[data-cell]");
  const stage = cell?.dataset.stage;
  if (kind === "touchpoint" && stage) cell = document.querySelector<HTMLElement>(cellOf(stage, "touchpoints"));
  if (!cell || !stage) return null;
  const items = `[data-item][data-kind=${kind}]`;
  const after = lastBefore(items, "item", moving, y, "y", cell);
  return kind === "card" ? { kind, stage, lane: cell.dataset.lane, after } : { kind, stage, after };
}

const cellOf = (stage: string, lane: string) => `[data-cell]${named("stage", stage)}${named("lane", lane)}`;

function lastBefore(
  selector: string,
  data: string,
  moving: string,
  at: number,
  axis: "x" | "y",
  within?: ParentNode,
): string | null {
  const before = all(selector, within).filter((each) => {
    const box = each.getBoundingClientRect();
    const middle = axis === "x" ? box.left + box.width / 2 : box.top + box.height / 2;
    return each.dataset[data] !== moving && middle < at;
  });
  return before.at(-1)?.dataset[data] ?? null;
}

/** The line that shows a place: along the edge of the part it comes after, or of what holds it. */
export function lineAt(place: Place): { left: number; top: number; width: number; height: number } | null {
  const box = (selector: string) => document.querySelector(selector)?.getBoundingClientRect();
  if (place.kind === "stage") {
    const head = box(place.after ? named("stage-head", place.after) : "[data-stage-head]");
    return head ? { left: (place.after ? head.right : head.left) - 2, top: head.top, width: 4, height: 400 } : null;
  }
  if (place.kind === "lane") {
    const row = place.after ? box(named("lane-row", place.after)) : undefined;
    return row ? { left: row.left, top: row.bottom - 2, width: row.width, height: 4 } : null;
  }
  const cell = cellOf(place.stage ?? "", place.lane ?? "touchpoints");
  const hold = box(cell);
  if (!hold) return null;
  const item = place.after ? box(`${cell} ${named("item", place.after)}`) : undefined;
  return { left: hold.left + 4, top: item ? item.bottom + 1 : hold.top + 2, width: hold.width - 8, height: 4 };
}
