// One cell of the matrix: the cards of a lane in a stage, or its touchpoints, owners or what happens backstage.
import { memo } from "react";
import type { Stage, Touchpoint } from "../api/journey";
import type { Verdict } from "../api/map";
import { AddButton } from "../edit/Inline";
import { newId } from "../edit/ops";
import { useMayEdit } from "../edit/useEditor";
import { useWords } from "../i18n";
import { CardItem, TouchpointItem } from "./items";
import type { Marks } from "./marks";
import type { Opened } from "./scope";

interface Props {
  lane: string;
  laneName: string;
  stage: Stage;
  marks: Marks;
  dimmed: Verdict | null;
  opened: string | null; // the id of what is open, if it lies in this stage
  open: (next: Opened) => void;
}

export const Cell = memo(function Cell({ lane, laneName, stage, marks, dimmed, opened, open }: Props) {
  const cards = (stage.cards ?? []).filter((card) => card.lane === lane);
  const places = stage.touchpoints ?? [];
  return (
    <div className="cell">
      <ul>
        {lane === "touchpoints" &&
          places.map((place) => (
            <li key={place.id} data-item={place.id} data-kind="touchpoint">
              <TouchpointItem place={place} marks={marks} dimmed={dimmed} expanded={opened === place.id} open={open} />
            </li>
          ))}
        {lane === "owners" && <Owners stage={stage} />}
        {lane === "backstage" && <Backstage places={places} />}
        {cards.map((card) => (
          <li key={card.id} data-item={card.id} data-kind="card">
            <CardItem
              card={card}
              verdict={marks.cards.get(card.id)?.verdict}
              dimmed={dimmed}
              expanded={opened === card.id}
              open={open}
            />
          </li>
        ))}
      </ul>
      <AddHere stage={stage} lane={lane} laneName={laneName} />
    </div>
  );
});

function AddHere({ stage, lane, laneName }: { stage: Stage; lane: string; laneName: string }) {
  const editor = useMayEdit();
  const { t, text } = useWords();
  if (!editor) return null;
  const add = (said: string) =>
    lane === "touchpoints"
      ? editor.change([
          { op: "add", part: "touchpoint", stage: stage.id, value: { id: newId("touchpoint"), name: said } },
        ])
      : editor.change([{ op: "add", part: "card", stage: stage.id, value: { id: newId("card"), lane, text: said } }]);
  return <AddButton label={t("edit.add_to", { lane: laneName, stage: text(stage.name) })} add={add} />;
}

function Owners({ stage }: { stage: Stage }) {
  const owners = new Set([stage.owner, ...(stage.touchpoints ?? []).map((place) => place.owner)]);
  return [...owners].filter(Boolean).map((owner) => (
    <li key={owner} className="owner">
      {owner}
    </li>
  ));
}

function Backstage({ places }: { places: Touchpoint[] }) {
  const { text } = useWords();
  return places
    .filter((place) => place.backstage)
    .map((place) => (
      <li key={place.id} className="item card">
        <span className="item-text">{text(place.backstage)}</span>
      </li>
    ));
}
