// What happens, as it happens: one stream of server-sent events for the whole page, open while anything listens. It comes
// again by itself; every `hello` means that something may have been missed: load anew.
import { useSyncExternalStore } from "react";
import { request } from "./client";

export interface Somebody {
  stream: string;
  user: string;
  name: string;
  journey: string | null;
  at: string | null; // the part that is open or being edited
}

type Hear = (data: never) => void;

const PATIENCE = [1000, 2000, 4000, 8000, 15_000]; // ms between attempts
const hearing = new Map<string, Set<Hear>>();
let source: EventSource | null = null;
let again = 0;
let attempts = 0;
let stream: string | null = null;
let people: Somebody[] = [];
let place: { journey: string | null; at: string | null } = { journey: null, at: null };

/** Calls `hear` with every event of this name (`hello`, `edit`, `presence`, `evidence` …; `lost` when the stream has
 * broken, `refused` when the server does not want to open it); gives what ends it. */
export function listen<T>(name: string, hear: (data: T) => void): () => void {
  const ears = hearing.get(name) ?? new Set<Hear>();
  hearing.set(name, ears.add(hear as Hear));
  if (source && ears.size === 1) source.addEventListener(name, told);
  if (!source && !again) open();
  return () => {
    ears.delete(hear as Hear);
    if (![...hearing.values()].some((each) => each.size)) close();
  };
}

function tell(name: string) {
  for (const hear of [...(hearing.get(name) ?? [])]) hear(undefined as never);
}

function told(event: MessageEvent<string>) {
  const data = JSON.parse(event.data) as never;
  for (const hear of [...(hearing.get(event.type) ?? [])]) hear(data);
}

function open() {
  again = 0;
  source = new EventSource("/api/live");
  source.addEventListener("hello", greeted);
  source.addEventListener("presence", gathered);
  for (const name of hearing.keys()) source.addEventListener(name, told);
  source.onerror = () => {
    gather(null, []);
    tell("lost");
    if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    source = null;
    again = window.setTimeout(open, PATIENCE[Math.min(attempts++, PATIENCE.length - 1)]);
    tell("refused");
  };
}

function close() {
  source?.close();
  window.clearTimeout(again);
  [source, again] = [null, 0];
  gather(null, []);
}

function greeted(event: MessageEvent<string>) {
  const hello = JSON.parse(event.data) as { stream: string; people: Somebody[] };
  attempts = 0;
  gather(hello.stream, hello.people);
  if (place.journey) say();
}

function gathered(event: MessageEvent<string>) {
  gather(stream, (JSON.parse(event.data) as { people: Somebody[] }).people);
}

// Who is where

const watching = new Set<() => void>();

function gather(mine: string | null, all: Somebody[]) {
  stream = mine;
  const others = all.filter((somebody) => somebody.stream !== stream);
  if (JSON.stringify(others) === JSON.stringify(people)) return;
  people = others;
  for (const look of watching) look();
}

function watch(look: () => void) {
  watching.add(look);
  return () => watching.delete(look);
}

function say() {
  if (stream) request("PUT", "/live/presence", { body: { stream, ...place } }).catch(() => undefined); // hello says again
}

/** Tells the others where one is. */
export function bePresent(journey: string | null, at: string | null = null) {
  if (place.journey === journey && place.at === at) return;
  place = { journey, at };
  queueMicrotask(say); // who leaves the page ends the stream in the same breath: then there is nobody to tell
}

export const presentAt = () => place.at;

/** Everybody else who looks on, wherever they are. */
export function usePeople(): Somebody[] {
  return useSyncExternalStore(watch, () => people);
}

/** The names of those who are at this very part. */
export function useNamesAt(id: string): string {
  const names = () =>
    people
      .filter((somebody) => somebody.at === id && somebody.journey === place.journey)
      .map((somebody) => somebody.name)
      .join(", ");
  return useSyncExternalStore(watch, names);
}
