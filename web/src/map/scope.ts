// What the map is about and what is open beside it: all of it in the page's address, so that a view can be passed on.
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import type { Stage } from "../api/journey";
import type { Scope } from "../api/map";

export const FORMS = ["matrix", "timeline", "flow"] as const;
export type Form = (typeof FORMS)[number];
export interface Opened {
  kind: "stage" | "touchpoint" | "finding" | "card" | "persona" | "personas" | "history";
  id: string;
}

/** The id of what is open, if it lies in this stage. */
export function holds(stage: Stage, opened: Opened | null): string | null {
  if (!opened || opened.kind === "finding") return null;
  const inside = [...(stage.touchpoints ?? []), ...(stage.cards ?? [])];
  return stage.id === opened.id || inside.some((part) => part.id === opened.id) ? opened.id : null;
}

/** What part of the evidence is asked about; with a prefix that of the map beside. */
export function useScope(prefix = "") {
  const [search, setSearch] = useSearchParams();
  const key = search.toString();
  const scope: Scope = useMemo(() => {
    const asked = new URLSearchParams(key);
    const one = (name: string) => asked.get(prefix + name);
    return { from: one("from"), to: one("to"), where: asked.getAll(`${prefix}where`), persona: one("persona") };
  }, [key, prefix]);
  const setScope = useCallback(
    (next: Scope) =>
      setSearch((before) => {
        for (const name of ["from", "to", "persona"] as const)
          next[name] ? before.set(prefix + name, next[name]) : before.delete(prefix + name);
        before.delete(`${prefix}where`);
        for (const condition of next.where) before.append(`${prefix}where`, condition);
        return before;
      }),
    [setSearch, prefix],
  );
  return { scope, setScope };
}

export function useOpened() {
  const [search, setSearch] = useSearchParams();
  const [kind, ...rest] = (search.get("open") ?? "").split(":");
  const id = rest.join(":");
  const opened = useMemo(() => (id ? ({ kind, id } as Opened) : null), [kind, id]);
  const open = useCallback(
    (next: Opened | null) =>
      setSearch(
        (before) => {
          next ? before.set("open", `${next.kind}:${next.id}`) : before.delete("open");
          return before;
        },
        { replace: true },
      ),
    [setSearch],
  );
  return { opened, open };
}

/** One word of the address; null where it is not there. */
function useWord(name: string): [string | null, (value: string | null) => void] {
  const [search, setSearch] = useSearchParams();
  const set = useCallback(
    (value: string | null) =>
      setSearch((before) => {
        value === null ? before.delete(name) : before.set(name, value);
        return before;
      }),
    [setSearch, name],
  );
  return [search.get(name), set];
}

export function useForm() {
  const [said, say] = useWord("form");
  const form: Form = FORMS.find((each) => each === said) ?? "matrix";
  return { form, setForm: (next: Form) => say(next === "matrix" ? null : next) };
}

/** The journey that is shown beside this one; null: none. */
export function useBeside() {
  const [beside, setBeside] = useWord("beside");
  return { beside, setBeside };
}
