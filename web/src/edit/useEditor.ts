// The editor of a journey, kept alive by what happens: edits of others, streams that open anew, fresh evidence.
import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { listen } from "../api/live";
import { reaches, SESSION, useSession } from "../api/session";
import { type Done, Editor, type State } from "./store";

const QUIET = 500; // ms without an edit before the numbers are asked for again

const editors = new Map<string, Editor>();

function editorOf(journey: string, user: string, signedOut: () => void): Editor {
  const name = `desirepath.edits.${user}.${journey}`;
  const known = editors.get(name) ?? new Editor(journey, name, signedOut);
  editors.set(name, known);
  return known;
}

export interface Editing {
  editor: Editor;
  state: State | null; // null until it is loaded
}

export function useEditor(journey: string): Editing {
  const client = useQueryClient();
  const user = useSession().data?.user?.id ?? "";
  const editor = useMemo(
    () => editorOf(journey, user, () => client.invalidateQueries({ queryKey: SESSION })),
    [journey, user, client],
  );
  const state = useSyncExternalStore(editor.watch, editor.get);
  useEffect(() => {
    const anew = () => client.invalidateQueries({ queryKey: ["map", journey] });
    const load = () => editor.load().catch(() => undefined); // the map's own query says what is wrong
    load();
    let greeted = false;
    const ends = [
      listen("hello", () => {
        load();
        if (greeted) anew();
        greeted = true;
      }),
      listen<Done>("edit", editor.heard),
      listen("evidence", anew),
      listen("lost", editor.lost),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, [editor, journey, client]);
  const seq = state?.seq;
  const drawn = useRef(seq);
  useEffect(() => {
    if (drawn.current === seq) return;
    const first = drawn.current === undefined;
    drawn.current = seq;
    if (first) return; // the map is just being loaded
    const timer = window.setTimeout(() => client.invalidateQueries({ queryKey: ["map", journey] }), QUIET);
    return () => window.clearTimeout(timer);
  }, [seq, journey, client]);
  const unsent = Boolean(state?.pending.length);
  useEffect(() => {
    if (!unsent) return;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", stay);
    return () => removeEventListener("beforeunload", stay);
  }, [unsent]);
  return { editor, state };
}

/** The editor, for those who may edit; null for everybody else. */
export const MayEdit = createContext<Editor | null>(null);
export const useMayEdit = () => useContext(MayEdit);

export const mayEdit = ({ editor, state }: Editing) => (state && reaches(state.role, "editor") ? editor : null);
