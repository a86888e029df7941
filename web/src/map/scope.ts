// What the map is about and what is open beside it: all of it in the page's address, so that a view can be passed on.
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import type { Stage } from "../api/journey";
import type { Scope } from "../api/map";

export type Form = "matrix" | "timeline";
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

export function useScope() {
  const [search, setSearch] = useSearchParams();
  const key = search.toString();
  const scope: Scope = useMemo(() => {
    const asked = new URLSearchParams(key);
    const one = (name: string) => asked.get(name);
    return { from: one("from"), to: one("to"), where: asked.getAll("where"), persona: one("persona") };
  }, [key]);
  const setScope = useCallback(
    (next: Scope) =>
      setSearch((before) => {
        for (const name of ["from", "to", "persona"] as const)
          next[name] ? before.set(name, next[name]) : before.delete(name);
        before.delete("where");
        for (const condition of next.where) before.append("where", condition);
        return before;
      }),
    [setSearch],
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
