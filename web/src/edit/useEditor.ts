// The editor of a journey, kept alive by what happens: edits of others, streams that open anew, fresh evidence.
import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { listen } from "../api/live";
import { reaches, SESSION, useSession } from "../api/session";
import { type Done, Editor, type State } from "./store";

const QUIET = 500; // ms between an edit and asking for the numbers again, one question at a time

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
      listen("refused", () => client.invalidateQueries({ queryKey: SESSION })), // the session may have ended
    ];
    return () => {
      for (const end of ends) end();
    };
  }, [editor, journey, client]);
  const seq = state?.seq;
  const drawn = useRef({ seq, asking: false });
  useEffect(() => {
    const numbers = drawn.current;
    numbers.seq ??= seq; // the map is just being loaded
    const ask = async () => {
      numbers.asking = true;
      while (numbers.seq !== editor.get()?.seq) {
        await new Promise((resolve) => window.setTimeout(resolve, QUIET));
        if (editor.get()?.pending.length) continue;
        numbers.seq = editor.get()?.seq;
        await client.invalidateQueries({ queryKey: ["map", journey] });
      }
      numbers.asking = false;
    };
    if (!numbers.asking && numbers.seq !== seq) void ask();
  }, [seq, editor, journey, client]);
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
