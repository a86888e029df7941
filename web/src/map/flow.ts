// The geometry of the flow: a column for each stage, touchpoints in it from above, and a bend for every step walked.
import type { LivingMap } from "../api/map";

export const COLUMN = 200;
export const ROW = 82;
export const NODE = { width: 152, height: 60 };
const MOST = 120;

export interface Node {
  id: string;
  x: number;
  y: number;
  stage: number;
}

export interface Edge {
  from: string;
  to: string;
  cases: number;
  median_s: number | null;
  path: string;
  width: number;
  drawn: boolean; // stays in its stage, or goes on without leaving a stage out
  back: boolean;
}

export function nodesOf(map: LivingMap): Node[] {
  return (map.journey.stages ?? []).flatMap((stage, s) =>
    (stage.touchpoints ?? []).map((place, i) => ({ id: place.id, stage: s, x: s * COLUMN + 12, y: i * ROW + 12 })),
  );
}

/** The steps walked most, the heaviest first. */
export function edgesOf(map: LivingMap, nodes: Node[]): Edge[] {
  const at = new Map(nodes.map((node) => [node.id, node]));
  const entered = (map.journey.stages ?? []).map(({ id }) => map.stages.find((stage) => stage.id === id)?.entered ?? 0);
  const steps = [...map.touchpoint_transitions].sort((a, b) => b.count - a.count).slice(0, MOST);
  const heaviest = steps[0]?.count ?? 1;
  return steps.flatMap((step) => {
    const [from, to] = [at.get(step.from), at.get(step.to)];
    if (!from || !to) return [];
    const skipped = entered.slice(from.stage + 1, to.stage).some(Boolean);
    return {
      ...step,
      path: bend(from, to),
      width: 1 + 7 * Math.sqrt(step.count / heaviest),
      drawn: to.stage >= from.stage && !skipped,
      back: to.stage < from.stage,
    };
  });
}

function bend(from: Node, to: Node): string {
  const [y1, y2] = [from.y + NODE.height / 2, to.y + NODE.height / 2];
  const right = from.x + NODE.width;
  if (from.stage === to.stage) {
    const out = right + 16 + Math.abs(y2 - y1) / 8;
    return `M${right},${y1}C${out},${y1} ${out},${y2} ${right},${y2}`;
  }
  const [x1, x2] = from.stage < to.stage ? [right, to.x] : [from.x, to.x + NODE.width];
  const half = (x2 - x1) / 2;
  return `M${x1},${y1}C${x1 + half},${y1} ${x2 - half},${y2} ${x2},${y2}`;
}

export function sizeOf(nodes: Node[], stages: number): { width: number; height: number } {
  return { width: stages * COLUMN, height: Math.max(0, ...nodes.map((node) => node.y)) + NODE.height + 16 };
}
