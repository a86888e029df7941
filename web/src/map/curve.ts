// The geometry of the emotion curve: x counts stages from the left, y is the emotion (−2 … +2).
// A touchpoint stands at its place among the stage's touchpoints; a stage whose touchpoints are unknown takes its own
// emotion in the middle; where nothing is known the curve has a gap. The same rules as render/curves.py.
import type { Text, Touchpoint } from "../api/journey";
import type { Emotion, LivingMap } from "../api/map";

export interface Point {
  id: string;
  x: number;
  y: number;
  low: number;
  high: number;
  name: Text;
  star: boolean;
  valley: boolean;
  emotion: Emotion;
}

export interface Curve {
  runs: Point[][];
  gaps: { from: number; to: number }[];
}

function pointAt(x: number, emotion: Emotion, id: string, name: Text, star: boolean): Point | null {
  if (emotion.score === null) return null;
  const y = emotion.pooled ?? emotion.score;
  const low = emotion.pooled_low ?? emotion.low ?? y;
  const high = emotion.pooled_high ?? emotion.high ?? y;
  return { id, x, y, low, high, name, star, valley: false, emotion };
}

export function measured(map: LivingMap): Curve {
  const walked = new Map(map.touchpoints.map((t) => [t.id, t]));
  const passed = new Map(map.stages.map((stage) => [stage.id, stage]));
  const curve: Curve = { runs: [], gaps: [] };
  let run: Point[] = [];
  (map.journey.stages ?? []).forEach((stage, s) => {
    const places = stage.touchpoints ?? [];
    const known = places.flatMap((place, i) => {
      const felt = walked.get(place.id)?.emotion;
      const x = s + (i + 0.5) / places.length;
      return (felt && pointAt(x, felt, place.id, place.name, place.moment_of_truth ?? false)) || [];
    });
    const own = passed.get(stage.id)?.emotion;
    const whole = !known.length && own ? pointAt(s + 0.5, own, stage.id, stage.name, false) : null;
    if (whole) known.push(whole);
    if (known.length) run.push(...known);
    else {
      if (run.length) curve.runs.push(run);
      run = [];
      const last = curve.gaps.at(-1);
      if (last?.to === s) last.to = s + 1;
      else curve.gaps.push({ from: s, to: s + 1 });
    }
  });
  if (run.length) curve.runs.push(run);
  markValleys(curve.runs.flat());
  return curve;
}

/** A low point is a local minimum of −0.5 or less. */
function markValleys(points: Point[]) {
  points.forEach((point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    point.valley = point.y <= -0.5 && (!before || point.y < before.y) && (!after || point.y <= after.y);
  });
}

/** Every touchpoint and where it stands. */
export function placed(map: LivingMap): { place: Touchpoint; x: number }[] {
  return (map.journey.stages ?? []).flatMap((stage, s) => {
    const places = stage.touchpoints ?? [];
    return places.map((place, i) => ({ place, x: s + (i + 0.5) / places.length }));
  });
}

/** What the team assumes for a persona (or `all`), as points without interval; `held` is just being moved. */
export function assumed(map: LivingMap, persona: string, held: { id: string; y: number } | null): Place[] {
  return placed(map).flatMap(({ place, x }) => {
    const y = held?.id === place.id ? held.y : place.assumed_emotion?.[persona];
    return y === undefined ? [] : [{ x, y }];
  });
}

type Place = { x: number; y: number };

/** Slopes that never overshoot (Fritsch–Carlson), so that a smooth curve shows no emotion that nobody had. */
function slopes(points: Place[]): number[] {
  const steps = points.slice(1).map((p, i) => (p.y - at(points, i).y) / (p.x - at(points, i).x));
  return points.map((_, i) => {
    const [a, b] = [steps[i - 1], steps[i]];
    if (a === undefined || b === undefined) return a ?? b ?? 0;
    return a * b <= 0 ? 0 : (2 * a * b) / (a + b);
  });
}

const at = (points: Place[], i: number) => points[i] as Place;

function bends(points: Place[]): string {
  const slope = slopes(points);
  return points
    .slice(1)
    .map((p, i) => {
      const from = at(points, i);
      const third = (p.x - from.x) / 3;
      const [a, b] = [slope[i] ?? 0, slope[i + 1] ?? 0];
      return `C${from.x + third},${-(from.y + a * third)} ${p.x - third},${-(p.y - b * third)} ${p.x},${-p.y}`;
    })
    .join("");
}

/** The path of a smooth line (SVG's y grows downwards). */
export function line(points: Place[]): string {
  const first = points[0];
  return first ? `M${first.x},${-first.y}${bends(points)}` : "";
}

/** The band between two smooth lines. */
export function band(points: Point[]): string {
  const upper = points.map((p) => ({ x: p.x, y: Math.min(2, p.high) }));
  const lower = points.map((p) => ({ x: p.x, y: Math.max(-2, p.low) }));
  const last = lower.at(-1);
  if (!last) return "";
  // The lower edge is drawn from right to left: mirrored in x it is an ordinary line.
  const mirrored = lower.map((p) => ({ x: -p.x, y: p.y })).reverse();
  const back = bends(mirrored).replace(/(-?[\d.e-]+),(-?[\d.e-]+)/g, (_, x, y) => `${-Number(x)},${y}`);
  return `${line(upper)}L${last.x},${-last.y}${back}Z`;
}

/** Which colour a score has: five steps from frustrated to delighted. */
export function tone(score: number | null | undefined): "worst" | "bad" | "even" | "good" | "best" | "none" {
  if (score === null || score === undefined) return "none";
  if (score <= -1) return "worst";
  if (score < -0.25) return "bad";
  if (score <= 0.25) return "even";
  return score < 1 ? "good" : "best";
}
