// What the team assumes customers feel, beside what is measured: a handle for every touchpoint, dragged up and down or
// moved by the arrow keys.
import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from "react";
import type { Touchpoint } from "../api/journey";
import { useWords } from "../i18n";
import { useMayEdit } from "./useEditor";

const REACH = 2.2; // the curve's picture goes from −2.2 to +2.2
const KEYS: Record<string, number> = {
  ArrowUp: 0.1,
  ArrowRight: 0.1,
  ArrowDown: -0.1,
  ArrowLeft: -0.1,
  PageUp: 0.5,
  PageDown: -0.5,
};
const QUIET = 600; // ms after the last key until it is an edit

export interface Held {
  id: string;
  y: number;
}

interface Props {
  place: Touchpoint;
  persona: string;
  left: string;
  measured: number | undefined;
  held: Held | null; // what is being moved right now
  hold: (held: Held | null) => void;
}

export function Assumed({ place, persona, left, measured, held, hold }: Props) {
  const { t, text, number } = useWords();
  const editor = useMayEdit();
  const believed = place.assumed_emotion?.[persona];
  const y = held?.id === place.id ? held.y : (believed ?? 0);
  const timer = useRef(0);
  const settle = useRef<(() => void) | null>(null);
  useEffect(() => () => settle.current?.(), []);
  if (!editor) return null;

  const assume = (value: number | null) => {
    settle.current = null;
    window.clearTimeout(timer.current);
    hold(null);
    editor.change([
      {
        op: "set",
        part: "touchpoint",
        id: place.id,
        field: "assumed_emotion",
        key: persona,
        value,
        was: believed ?? null,
      },
    ]);
  };
  const press = (event: KeyboardEvent) => {
    const step = KEYS[event.key];
    if (event.key === "Delete") return assume(null);
    if (step === undefined) return;
    event.preventDefault();
    const next = kept(y + step);
    hold({ id: place.id, y: next });
    settle.current = () => assume(next);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => settle.current?.(), QUIET);
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    if (!box || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    hold({ id: place.id, y: kept(REACH - ((event.clientY - box.top) / box.height) * 2 * REACH) });
  };
  const aside = measured !== undefined && Math.abs(measured - y) < 0.3;
  return (
    <span
      role="slider"
      tabIndex={0}
      className={`assumed-handle${believed === undefined && !held ? " unset" : ""}${aside ? " aside" : ""}`}
      style={{ left, top: `${((REACH - y) / (2 * REACH)) * 100}%` }}
      aria-label={`${t("frame.assumed")}: ${text(place.name)}`}
      aria-orientation="vertical"
      aria-valuemin={-2}
      aria-valuemax={2}
      aria-valuenow={y}
      aria-valuetext={believed === undefined && held?.id !== place.id ? t("edit.nothing") : number(y, "score")}
      title={`${t("frame.assumed")}: ${text(place.name)}`}
      onKeyDown={press}
      onBlur={() => settle.current?.()}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={move}
      onPointerUp={() => held?.id === place.id && assume(held.y)}
      onPointerCancel={() => hold(null)}
    />
  );
}

const kept = (y: number) => Math.round(Math.max(-2, Math.min(2, y)) * 10) / 10;
