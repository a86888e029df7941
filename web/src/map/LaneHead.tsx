// The name of a lane; the team's own lanes are renamed, moved and, once they are empty, removed here.
import { CloseButton } from "@mantine/core";
import type { KeyboardEvent } from "react";
import type { Journey } from "../api/journey";
import { useMovable } from "../edit/Dragging";
import { useFocusAfter, useInline } from "../edit/Inline";
import { useMayEdit } from "../edit/useEditor";
import { useWords } from "../i18n";
import { both, useEditKeys } from "./items";
import { type Lane, nameOf } from "./lanes";

export function LaneHead({ lane, journey }: { lane: Lane; journey: Journey }) {
  const { t, text } = useWords();
  const editor = useMayEdit();
  if (!editor || lane.name === null) return nameOf(lane, t, text);
  return <OwnLane id={lane.id} name={lane.name} empty={isEmpty(journey, lane.id)} />;
}

const isEmpty = (journey: Journey, lane: string) =>
  !journey.stages?.some((stage) => stage.cards?.some((card) => card.lane === lane));

function OwnLane({ id, name, empty }: { id: string; name: NonNullable<Lane["name"]>; empty: boolean }) {
  const { t, text } = useWords();
  const editor = useMayEdit();
  const inline = useInline(["lane", id, "name"], name, t("edit.name_of_lane"));
  const edit = useEditKeys("lane", id, inline.begin);
  const keys = (event: KeyboardEvent) => {
    if (event.key !== "Delete" || empty) edit(event);
  };
  const { ref, handle, moving } = useMovable({ kind: "lane", id, label: text(name) }, keys);
  const button = useFocusAfter(Boolean(inline.editor));
  if (inline.editor) return inline.editor;
  return (
    <span className="own-lane">
      <button
        type="button"
        className={`plain${moving ? " moving" : ""}`}
        onClick={inline.begin}
        {...handle}
        ref={both(ref, button)}
      >
        {text(name)}
      </button>
      {empty && (
        <CloseButton
          size="xs"
          aria-label={t("studio.remove", { what: text(name) })}
          onClick={() => editor?.change([{ op: "remove", part: "lane", id }])}
        />
      )}
    </span>
  );
}
