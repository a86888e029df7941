// Text that is edited where it stands. What was there when editing began goes with the change, so that somebody else's
// change in the meantime is noticed and nobody's words are written over.
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Text } from "../api/journey";
import { bePresent, presentAt } from "../api/live";
import { useWords } from "../i18n";
import { type PartName, setText } from "./ops";
import { useMayEdit } from "./useEditor";

interface EditorProps {
  value: string;
  label: string;
  at?: string; // the part, so that others see who is there
  lines?: boolean; // Enter begins a new line; leaving takes the text
  done: (value: string | null) => void; // null: given up
}

/** Enter, leaving it, or its going away takes the text; Escape gives it up. */
export function InlineEditor({ value, label, at, lines = false, done }: EditorProps) {
  const editor = useMayEdit();
  const [text, say] = useState(value);
  const field = useRef<HTMLTextAreaElement>(null);
  const last = useRef({ text, done, ended: false });
  Object.assign(last.current, { text, done });
  const end = (value: string | null) => {
    if (last.current.ended) return;
    last.current.ended = true;
    last.current.done(value);
  };
  useEffect(() => {
    const state = last.current;
    const before = presentAt();
    if (editor && at) bePresent(editor.journey, at);
    field.current?.select();
    return () => {
      if (editor && at) bePresent(editor.journey, before);
      if (!state.ended) state.done(state.text);
      state.ended = true;
    };
  }, [editor, at]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as high as its text
  useLayoutEffect(() => {
    if (!field.current) return;
    field.current.style.height = "auto";
    field.current.style.height = `${field.current.scrollHeight}px`;
  }, [text]);
  return (
    <textarea
      ref={field}
      className="inline-editor"
      aria-label={label}
      rows={1}
      // biome-ignore lint/a11y/noAutofocus: it stands where the person just was
      autoFocus
      dir="auto"
      value={text}
      onChange={(event) => say(event.currentTarget.value)}
      onBlur={() => end(text)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        event.stopPropagation();
        if (event.key === "Escape") end(null);
        const takes = lines ? event.ctrlKey || event.metaKey : !event.shiftKey;
        if (event.key !== "Enter" || !takes) return;
        event.preventDefault();
        end(text);
      }}
    />
  );
}

interface Inline {
  begin: (() => void) | undefined; // undefined: may not be edited
  editor: ReactNode; // while it is being edited
}

/** A text of a part that can be edited where it stands; a `required` one is not emptied. */
export function useInline(
  [part, id, field]: [PartName, string, string],
  text: Text | null | undefined,
  label: string,
  required = true,
): Inline {
  const editor = useMayEdit();
  const { text: read, language } = useWords();
  const [began, begin] = useState<{ with: Text | null } | null>(null);
  if (!editor) return { begin: undefined, editor: null };
  const done = (value: string | null) => {
    const was = began?.with ?? null;
    begin(null);
    const wanted = value?.trim() ?? read(was);
    if (wanted === read(was) || (required && !wanted)) return;
    editor.change([setText([part, id, field], was, wanted, language)]);
  };
  return {
    begin: () => begin({ with: text ?? null }),
    editor: began && <InlineEditor value={read(began.with)} label={label} at={id} done={done} />,
  };
}

/** A button that becomes a field for the text of something new. */
export function AddButton({
  label,
  className = "",
  add,
}: {
  label: string;
  className?: string;
  add: (text: string) => void;
}) {
  const [open, show] = useState(false);
  const done = (value: string | null) => {
    show(false);
    if (value?.trim()) add(value.trim());
  };
  if (open) return <InlineEditor value="" label={label} done={done} />;
  return (
    <button
      type="button"
      className={`plain add ${className}`}
      aria-label={label}
      title={label}
      onClick={() => show(true)}
    >
      +
    </button>
  );
}

/** Gives the keyboard back to what was edited. */
export function useFocusAfter(editing: boolean) {
  const element = useRef<HTMLButtonElement | null>(null);
  const before = useRef(editing);
  useEffect(() => {
    if (before.current && !editing && document.activeElement === document.body) element.current?.focus();
    before.current = editing;
  }, [editing]);
  return element;
}
