// A card and a touchpoint as they lie on the map: opened by a click, edited by a double click or F2, dragged, removed.
import { type KeyboardEvent, type MouseEvent, memo, type ReactNode, type Ref } from "react";
import type { Card, Touchpoint } from "../api/journey";
import { useNamesAt } from "../api/live";
import type { Verdict } from "../api/map";
import { useMovable } from "../edit/Dragging";
import { useFocusAfter, useInline } from "../edit/Inline";
import type { Listed } from "../edit/ops";
import { useMayEdit } from "../edit/useEditor";
import { useWords } from "../i18n";
import { tone } from "./curve";
import type { Marks } from "./marks";
import type { Opened } from "./scope";
import { VerdictMark } from "./VerdictMark";

const dim = (wanted: Verdict | null, verdict: Verdict | undefined) => (wanted && wanted !== verdict ? " dim" : "");

interface CardProps {
  card: Card;
  verdict: Verdict | undefined;
  dimmed: Verdict | null;
  expanded: boolean;
  open: (next: Opened) => void;
}

export const CardItem = memo(function CardItem({ card, verdict, dimmed, expanded, open }: CardProps) {
  const { t, text } = useWords();
  return (
    <PartButton
      kind="card"
      id={card.id}
      field="text"
      text={card.text}
      label={t("edit.text_of_card")}
      className={`card${dim(dimmed, verdict)}`}
      expanded={expanded}
      open={open}
    >
      <span className="item-text">{text(card.text)}</span>
      {verdict && <VerdictMark verdict={verdict} named />}
    </PartButton>
  );
});

interface TouchpointProps {
  place: Touchpoint;
  marks: Marks;
  dimmed: Verdict | null;
  expanded: boolean;
  open: (next: Opened) => void;
}

export const TouchpointItem = memo(function TouchpointItem({ place, marks, dimmed, expanded, open }: TouchpointProps) {
  const { t, text, number, has } = useWords();
  const walked = marks.touchpoints.get(place.id);
  const findings = marks.findings.get(place.id) ?? [];
  const channel = place.channel && (has(`channel.${place.channel}`) ? t(`channel.${place.channel}`) : place.channel);
  return (
    <PartButton
      kind="touchpoint"
      id={place.id}
      field="name"
      text={place.name}
      label={t("edit.name_of_touchpoint")}
      className={`touchpoint tone-of-${tone(walked?.emotion.score)}${dim(dimmed, walked?.verdict)}`}
      expanded={expanded}
      open={open}
    >
      <span className="item-text">
        {place.moment_of_truth && (
          <span role="img" aria-label={t("frame.moment_of_truth")}>
            ★{" "}
          </span>
        )}
        {text(place.name)}
      </span>
      <span className="item-foot">
        {walked && <VerdictMark verdict={walked.verdict} named />}
        <span>
          {[channel, walked && number(marks.cases ? walked.cases / marks.cases : null, "share")]
            .filter(Boolean)
            .join(" · ")}
        </span>
        {findings.map((finding) => (
          <span
            key={finding.id}
            className={`dot ${finding.polarity}`}
            role="img"
            aria-label={finding.title}
            title={finding.title}
          />
        ))}
      </span>
    </PartButton>
  );
});

interface PartProps {
  kind: "card" | "touchpoint";
  id: string;
  field: "text" | "name";
  text: Card["text"];
  label: string;
  className: string;
  expanded: boolean;
  open: (next: Opened) => void;
  children: ReactNode;
}

function PartButton({ kind, id, field, text, label, className, expanded, open, children }: PartProps) {
  const { text: read } = useWords();
  const inline = useInline([kind, id, field], text, label);
  const keys = useEditKeys(kind, id, inline.begin);
  const { ref, handle, moving } = useMovable({ kind, id, label: read(text) }, keys);
  const button = useFocusAfter(Boolean(inline.editor));
  if (inline.editor) return <div className={`item ${className}`}>{inline.editor}</div>;
  return (
    <>
      <button
        type="button"
        className={`plain item ${className}${moving ? " moving" : ""}`}
        aria-expanded={expanded}
        onClick={(event) => once(event) && open({ kind, id })}
        onDoubleClick={inline.begin}
        {...handle}
        ref={both(ref, button)}
      >
        {children}
      </button>
      <Here id={id} />
    </>
  );
}

/** The second click of a double click opens nothing. */
export const once = (event: MouseEvent) => event.detail < 2;

export function both<T>(one: (element: T | null) => void, other: { current: T | null }): Ref<T> {
  return (element: T | null) => {
    one(element);
    other.current = element;
  };
}

/** F2 edits, Delete removes. */
export function useEditKeys(part: Listed, id: string, begin: (() => void) | undefined) {
  const editor = useMayEdit();
  return (event: KeyboardEvent) => {
    if (!editor || !["F2", "Delete"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "F2") begin?.();
    else editor.change([{ op: "remove", part, id }]);
  };
}

/** Who else is at this very part. */
export function Here({ id }: { id: string }) {
  const names = useNamesAt(id);
  return names ? <span className="here">{names}</span> : null;
}
