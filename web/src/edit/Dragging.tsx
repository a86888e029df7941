// Dragging parts of the map by mouse, touch and keyboard. Nothing on the map moves before the part is put down: a line
// shows where. While something is dragged React draws nothing but what hangs on the pointer.
import {
  DndContext,
  type DragEndEvent,
  type DragMoveEvent,
  DragOverlay,
  type DragStartEvent,
  type KeyboardCoordinateGetter,
  KeyboardSensor,
  MouseSensor,
  TouchSensor,
  useDraggable,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import {
  type KeyboardEvent as ReactKeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useRef,
  useState,
} from "react";
import type { Journey } from "../api/journey";
import { useWords } from "../i18n";
import { lanesOf, nameOf } from "../map/lanes";
import type { Op } from "./ops";
import { type Kind, lineAt, moving, nextPlace, type Place, placeAt, placeOf } from "./places";
import { useMayEdit } from "./useEditor";

/** What is dragged: a part of the map, or something that is to become a card (`make` says how). */
export interface Dragged {
  kind: Kind;
  id: string;
  label: string;
  make?: (place: Place) => Op[];
  start?: Place; // where something new belongs by itself
}

const SILENT = { onDragStart: nothing, onDragOver: nothing, onDragEnd: nothing, onDragCancel: nothing };
function nothing() {
  return undefined;
}

interface Props {
  journey: Journey;
  lanes: string[]; // those drawn
  children: ReactNode;
}

export function Dragging({ journey, lanes, children }: Props) {
  const { t } = useWords();
  const editor = useMayEdit();
  const [held, hold] = useState<{ label: string; byKeyboard: boolean } | null>(null);
  const place = useRef<Place | null>(null);
  const inHand = useRef<Dragged | null>(null); // at once: what dnd-kit says of it waits for React to draw
  const line = useRef<HTMLDivElement>(null);
  const voice = useRef<HTMLDivElement>(null);
  const pointed = usePointer();
  const say = useSayPlace(journey);
  const now = useRef({ journey, lanes, say });
  now.current = { journey, lanes, say };

  const show = useCallback((next: Place | null) => {
    place.current = next;
    const box = next && lineAt(next);
    if (!line.current) return;
    line.current.hidden = !box;
    if (box) Object.assign(line.current.style, px(box));
  }, []);

  const byArrow: KeyboardCoordinateGetter = useCallback(
    (event) => {
      const dragged = inHand.current;
      if (!dragged || !event.code.startsWith("Arrow") || !place.current) return undefined;
      event.preventDefault();
      const { journey, lanes, say } = now.current;
      show(nextPlace(journey, lanes, dragged.id, place.current, event.code));
      line.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
      show(place.current);
      if (voice.current) voice.current.textContent = say(place.current);
      return undefined;
    },
    [show],
  );

  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }),
    useSensor(KeyboardSensor, {
      coordinateGetter: byArrow,
      keyboardCodes: { start: ["Space"], cancel: ["Escape"], end: ["Space", "Enter"] },
    }),
  );

  const start = ({ active, activatorEvent }: DragStartEvent) => {
    const dragged = active.data.current as Dragged;
    const byKeyboard = activatorEvent instanceof KeyboardEvent;
    inHand.current = dragged;
    hold({ label: dragged.label, byKeyboard });
    if (byKeyboard) show(dragged.start ?? placeOf(journey, dragged.kind, dragged.id, lanes));
    if (byKeyboard && voice.current) voice.current.textContent = t("edit.picked_up", { what: dragged.label });
  };
  const move = ({ active, activatorEvent }: DragMoveEvent) => {
    const dragged = active.data.current as Dragged;
    const { x, y } = pointed.current;
    if (!(activatorEvent instanceof KeyboardEvent)) show(placeAt(dragged.kind, dragged.id, x, y));
  };
  const end = (event: DragEndEvent) => {
    const { active } = event;
    move(event); // the last move may not have been seen yet
    const dragged = active.data.current as Dragged;
    const there = place.current;
    if (there && editor) {
      const ops = dragged.make?.(there) ?? moving(journey, dragged.kind, dragged.id, there, lanes);
      editor.change(ops);
      if (voice.current) voice.current.textContent = t("edit.put_down", { what: dragged.label });
    }
    over();
  };
  const over = () => {
    inHand.current = null;
    hold(null);
    show(null);
  };

  return (
    <DndContext
      sensors={sensors}
      onDragStart={start}
      onDragMove={move}
      onDragEnd={end}
      onDragCancel={over}
      autoScroll={{ threshold: { x: 0.08, y: 0.08 } }}
      accessibility={{ announcements: SILENT, screenReaderInstructions: { draggable: t("edit.how_to_move") } }}
    >
      {children}
      <div ref={line} className="drop-line" hidden />
      <div ref={voice} className="sr" aria-live="assertive" />
      <DragOverlay dropAnimation={null}>
        {held && !held.byKeyboard && <div className="item card held">{held.label}</div>}
      </DragOverlay>
    </DndContext>
  );
}

function px(box: Record<string, number>): Record<string, string> {
  return Object.fromEntries(Object.entries(box).map(([side, value]) => [side, `${value}px`]));
}

/** Where the mouse or the finger is. */
function usePointer() {
  const at = useRef({ x: 0, y: 0 });
  useEffect(() => {
    const follow = (event: MouseEvent | TouchEvent) => {
      const from = "touches" in event ? event.touches[0] : event;
      if (from) at.current = { x: from.clientX, y: from.clientY };
    };
    const names = ["mousemove", "mouseup", "touchstart", "touchmove"] as const;
    for (const name of names) addEventListener(name, follow, { capture: true, passive: true });
    return () => {
      for (const name of names) removeEventListener(name, follow, { capture: true });
    };
  }, []);
  return at;
}

/** A place in words, for those who do not see the line. */
function useSayPlace(journey: Journey) {
  const { t, text } = useWords();
  return (place: Place) => {
    const stages = journey.stages ?? [];
    const stage = text(stages.find((each) => each.id === place.stage)?.name);
    const lane = lanesOf(journey, null).find((each) => each.id === (place.lane ?? "touchpoints"));
    const where = [stage, stage && lane && nameOf(lane, t, text)].filter(Boolean).join(", ");
    const holders = stages.flatMap((each) => [each, ...(each.touchpoints ?? []), ...(each.cards ?? [])]);
    const before = holders.find((each) => each.id === place.after);
    const what = before && ("text" in before ? text(before.text) : text(before.name));
    return what ? t("edit.place_after", { where, what }) : t("edit.place_first", { where });
  };
}

/** Makes an element movable: spread `handle` on it, and put `ref` to it. What `keys` has dealt with moves nothing. */
export function useMovable(dragged: Dragged, keys?: (event: ReactKeyboardEvent) => void) {
  const disabled = !useMayEdit();
  const { setNodeRef, listeners, attributes, isDragging } = useDraggable({
    id: `${dragged.make ? "new" : dragged.kind}:${dragged.id}`,
    data: dragged,
    disabled,
  });
  const described = disabled ? undefined : attributes["aria-describedby"];
  const onKeyDown = (event: ReactKeyboardEvent) => {
    keys?.(event);
    if (!event.defaultPrevented) listeners?.onKeyDown?.(event);
  };
  const handle = { ...listeners, onKeyDown, "aria-describedby": described };
  return { ref: setNodeRef, handle, moving: isDragging };
}
