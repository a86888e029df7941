// One cell of the matrix: the cards of a lane in a stage, or its touchpoints, owners or what happens backstage.
import type { Card, Stage, Touchpoint } from "../api/journey";
import type { Verdict } from "../api/map";
import { useWords } from "../i18n";
import { tone } from "./curve";
import type { Marks } from "./marks";
import type { Opened } from "./scope";
import { VerdictMark } from "./VerdictMark";

interface Props {
  lane: string;
  stage: Stage;
  marks: Marks;
  dimmed: Verdict | null;
  opened: Opened | null;
  open: (next: Opened) => void;
}

export function Cell({ lane, stage, marks, dimmed, opened, open }: Props) {
  const cards = (stage.cards ?? []).filter((card) => card.lane === lane);
  const places = stage.touchpoints ?? [];
  const isOpen = (kind: Opened["kind"], id: string) => opened?.kind === kind && opened.id === id;
  return (
    <ul className="cell">
      {lane === "touchpoints" &&
        places.map((place) => (
          <li key={place.id}>
            <TouchpointItem
              place={place}
              marks={marks}
              dimmed={dimmed}
              expanded={isOpen("touchpoint", place.id)}
              open={() => open({ kind: "touchpoint", id: place.id })}
            />
          </li>
        ))}
      {lane === "owners" && <Owners stage={stage} />}
      {lane === "backstage" && <Backstage places={places} />}
      {cards.map((card) => (
        <li key={card.id}>
          <CardItem
            card={card}
            verdict={marks.cards.get(card.id)?.verdict}
            dimmed={dimmed}
            expanded={isOpen("card", card.id)}
            open={() => open({ kind: "card", id: card.id })}
          />
        </li>
      ))}
    </ul>
  );
}

const dim = (wanted: Verdict | null, verdict: Verdict | undefined) => (wanted && wanted !== verdict ? " dim" : "");

interface TouchpointProps {
  place: Touchpoint;
  marks: Marks;
  dimmed: Verdict | null;
  expanded: boolean;
  open: () => void;
}

function TouchpointItem({ place, marks, dimmed, expanded, open }: TouchpointProps) {
  const { t, text, number, has } = useWords();
  const walked = marks.touchpoints.get(place.id);
  const findings = marks.findings.get(place.id) ?? [];
  const channel = place.channel && (has(`channel.${place.channel}`) ? t(`channel.${place.channel}`) : place.channel);
  return (
    <button
      type="button"
      className={`plain item touchpoint tone-of-${tone(walked?.emotion.score)}${dim(dimmed, walked?.verdict)}`}
      aria-expanded={expanded}
      onClick={open}
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
    </button>
  );
}

interface CardProps {
  card: Card;
  verdict: Verdict | undefined;
  dimmed: Verdict | null;
  expanded: boolean;
  open: () => void;
}

function CardItem({ card, verdict, dimmed, expanded, open }: CardProps) {
  const { text } = useWords();
  return (
    <button type="button" className={`plain item card${dim(dimmed, verdict)}`} aria-expanded={expanded} onClick={open}>
      <span className="item-text">{text(card.text)}</span>
      {verdict && <VerdictMark verdict={verdict} named />}
    </button>
  );
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
