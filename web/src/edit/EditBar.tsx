// Undo and redo, whether everything is with the server, and who else is here.
import { ActionIcon, Tooltip } from "@mantine/core";
import { useEffect } from "react";
import { usePeople } from "../api/live";
import { useWords } from "../i18n";
import type { Editor, State } from "./store";
import "./edit.css";

export function EditBar({ editor, state }: { editor: Editor; state: State }) {
  const { t } = useWords();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.closest("input, textarea, select");
      if (typing || !(event.ctrlKey || event.metaKey)) return;
      const key = event.key.toLowerCase();
      const redo = key === "y" || (key === "z" && event.shiftKey);
      if (!redo && key !== "z") return;
      event.preventDefault();
      if (redo) editor.redo();
      else editor.undo();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [editor]);
  return (
    <div className="edit-bar" data-seq={state.seq}>
      <Step
        label={t("edit.undo")}
        able={state.undo.length > 0}
        act={editor.undo}
        path="M9 7 4.5 11.5 9 16M5 11.5h9a5 5 0 0 1 0 10h-3"
      />
      <Step
        label={t("edit.redo")}
        able={state.redo.length > 0}
        act={editor.redo}
        path="m15 7 4.5 4.5L15 16m4-4.5h-9a5 5 0 0 0 0 10h3"
      />
      <Saved state={state} />
    </div>
  );
}

function Step({ label, able, act, path }: { label: string; able: boolean; act: () => void; path: string }) {
  return (
    <Tooltip label={label} withArrow>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={label}
        aria-disabled={!able}
        data-disabled={!able || undefined}
        onClick={act}
      >
        <svg viewBox="0 0 24 26" width="17" height="17" fill="none" stroke="currentColor" strokeWidth="2" aria-hidden>
          <path d={path} strokeLinecap="round" strokeLinejoin="round" />
        </svg>
      </ActionIcon>
    </Tooltip>
  );
}

function Saved({ state }: { state: State }) {
  const { t } = useWords();
  const waiting = state.pending.length;
  const said = state.connected ? t(waiting ? "edit.saving" : "edit.saved") : t("edit.offline", { n: waiting });
  return (
    <span className={`quiet saved${state.connected ? "" : " offline"}`} role="status">
      {said}
    </span>
  );
}

/** The others on this journey's map, by their initials. */
export function People({ journey }: { journey: string }) {
  const { t } = useWords();
  const here = usePeople().filter((somebody) => somebody.journey === journey);
  const names = [...new Map(here.map((somebody) => [somebody.user, somebody.name])).values()];
  if (!names.length) return null;
  return (
    <ul className="people" aria-label={t("edit.people_here")}>
      {names.map((name) => (
        <li key={name} title={name}>
          <span aria-hidden>{[...name].slice(0, 2).join("")}</span>
          <span className="sr">{name}</span>
        </li>
      ))}
    </ul>
  );
}
