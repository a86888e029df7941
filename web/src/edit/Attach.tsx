// Evidence for a card, sought and attached by hand: customers' words, findings, metrics. What is near the card comes first.
import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type ReactNode, useRef, useState } from "react";
import type { Card } from "../api/journey";
import type { LivingMap } from "../api/map";
import { useVerbatims } from "../api/voice";
import { useWords } from "../i18n";
import type { Piece } from "../map/Evidence";
import { isMeant, metricPiece, seriesOf, useMetricWords } from "../map/metrics";
import { Failure } from "../ui/Failure";

interface Offer {
  piece: Piece;
  said: string;
  about?: string;
}

interface Props {
  card: Card;
  map: LivingMap;
  attached: Piece[];
  attach: (piece: Piece) => void;
}

/** A piece as it is compared: an id may be a number in a document that was written by hand. */
const plain = (piece: Piece) => JSON.stringify(Object.entries(piece).map(([key, value]) => [key, String(value)]));

const KINDS = { verbatim: Words, finding: Findings, metric: Metrics };
type Kind = keyof typeof KINDS;
const ANYTHING = { id: "", state: "", kind: "", language: "", theme: "" };

export default function Attach({ card, map, attached, attach }: Props) {
  const { t } = useWords();
  const [kind, choose] = useState<Kind>("verbatim");
  const [typed, type] = useState("");
  const [sought] = useDebouncedValue(typed.trim(), 300);
  const [done, say] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const there: Kind[] = ["verbatim"];
  if (map.findings.length) there.push("finding");
  if (map.metrics.length) there.push("metric");
  const Offers = KINDS[kind];
  const take = ({ piece, said }: Offer) => {
    attach(piece);
    say(t("edit.attached", { what: said }));
    field.current?.focus(); // the button that was pressed goes
  };
  return (
    <div className="attach">
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={t("edit.attach_kind")}
        value={kind}
        onChange={(next) => choose(next as Kind)}
        data={there.map((value) => ({ value, label: t(`edit.attach.${value}`) }))}
      />
      <TextInput
        ref={field}
        size="xs"
        type="search"
        aria-label={t("edit.attach_search")}
        placeholder={t("edit.attach_search")}
        value={typed}
        onChange={(event) => type(event.currentTarget.value)}
      />
      <Offers
        card={card}
        map={map}
        sought={sought}
        show={(offers) => (
          <List
            offers={offers.filter(({ piece }) => !attached.some((each) => plain(each) === plain(piece)))}
            take={take}
          />
        )}
      />
      <p className="sr" role="status">
        {done}
      </p>
    </div>
  );
}

function List({ offers, take }: { offers: Offer[]; take: (offer: Offer) => void }) {
  const { t } = useWords();
  if (!offers.length) return <p className="quiet">{t("edit.attach_none")}</p>;
  return (
    <ul className="offers">
      {offers.map((offer) => (
        <li key={JSON.stringify(offer.piece)}>
          <button type="button" className="plain" onClick={() => take(offer)}>
            <span className="sr">{t("edit.attach")}: </span>
            <span dir="auto">{offer.said}</span>
            {offer.about && <span className="quiet">{offer.about}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface OffersProps {
  card: Card;
  map: LivingMap;
  sought: string;
  show: (offers: Offer[]) => ReactNode;
}

/** The card's place: its touchpoint, else those of its stage. */
function placesOf(card: Card, map: LivingMap): string[] {
  const stage = map.journey.stages?.find((each) => each.cards?.some(({ id }) => id === card.id));
  return card.touchpoint ? [card.touchpoint] : (stage?.touchpoints ?? []).map(({ id }) => id);
}

const matches = (sought: string, ...texts: (string | null | undefined)[]) =>
  texts.join(" ").toLowerCase().includes(sought.toLowerCase());

/** The words that are typical of the place, then those with the strongest feelings. */
function Words({ card, map, sought, show }: OffersProps) {
  const { t, has, number, date } = useWords();
  const found = useVerbatims({ ...ANYTHING, search: sought });
  const places = placesOf(card, map);
  const near = sought ? [] : map.verbatims.filter(({ touchpoint }) => places.includes(touchpoint));
  const others = (found.data?.pages.flatMap((page) => page.verbatims) ?? []).filter(
    ({ id }) => !near.some((each) => each.id === id),
  );
  const offers = [...near, ...others].map(({ id, text, kind, emotion, at }) => ({
    piece: { verbatim: id },
    said: text,
    about: [number(emotion, "score"), kind && (has(`feedback.${kind}`) ? t(`feedback.${kind}`) : kind), at && date(at)]
      .filter(Boolean)
      .join(" · "),
  }));
  return (
    <>
      <Failure error={found.error} />
      {found.isPending && !near.length ? <p className="quiet">{t("studio.loading")}</p> : show(offers)}
      {found.hasNextPage && (
        <Button
          size="compact-xs"
          variant="default"
          loading={found.isFetchingNextPage}
          onClick={() => found.fetchNextPage()}
        >
          {t("voice.more")}
        </Button>
      )}
    </>
  );
}

function Findings({ card, map, sought, show }: OffersProps) {
  const { t } = useWords();
  const places = placesOf(card, map);
  const found = map.findings.filter(({ title }) => matches(sought, title));
  const isNear = ({ touchpoint }: (typeof found)[number]) => touchpoint !== null && places.includes(touchpoint);
  const sorted = [...found.filter(isNear), ...found.filter((finding) => !isNear(finding))];
  return show(
    sorted.map(({ id, title, polarity, share }) => ({
      piece: { finding: id },
      said: title,
      about: `${t(`frame.${polarity}`)} · ${t("line.reach", { share })}`,
    })),
  );
}

function Metrics({ card, map, sought, show }: OffersProps) {
  const said = useMetricWords(map);
  const own = card.evidence ?? [];
  const found = seriesOf(map.metrics).filter(
    (series) => matches(sought, said.name(series), series.source) && !own.some((piece) => isMeant(piece, series)),
  );
  return show(
    found.flatMap((series) =>
      series.values.slice(0, 1).map((newest) => ({
        piece: metricPiece(series),
        said: `${said.name(series)} ${said.value(newest)}`,
        about: `${said.period(newest)} · ${series.source}`,
      })),
    ),
  );
}
