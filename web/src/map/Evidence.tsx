// What a card rests on: each piece said in full and opened from here; who edits takes it away and attaches more.
import { Button, CloseButton } from "@mantine/core";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { Link, useParams } from "react-router";
import type { Card } from "../api/journey";
import type { LivingMap } from "../api/map";
import { useQuotes, useThemes, type Verbatim } from "../api/voice";
import { useMayEdit } from "../edit/useEditor";
import { useWords } from "../i18n";
import { tone } from "./curve";
import { isMeant, seriesOf, useMetricWords } from "./metrics";
import type { Opened } from "./scope";

const Attach = lazy(() => import("../edit/Attach"));

export type Piece = Record<string, unknown>;

interface Props {
  card: Card;
  map: LivingMap;
  open: (next: Opened) => void;
}

const NONE: Piece[] = [];
const keyOf = (piece: Piece) => JSON.stringify(piece);

export function Evidence({ card, map, open }: Props) {
  const { t } = useWords();
  const { journey } = useParams(); // none where somebody without an account looks
  const editor = useMayEdit();
  const [attaching, show] = useState(false);
  const pieces = card.evidence ?? NONE;
  const ids = pieces.filter((piece) => "verbatim" in piece).map((piece) => String(piece.verbatim));
  const found = useQuotes(journey ? ids : []);
  const quotes = found.isLoading ? null : (found.data?.verbatims ?? []);
  const put = (value: Piece[]) =>
    editor?.change([{ op: "set", part: "card", id: card.id, field: "evidence", value, was: card.evidence ?? null }]);
  if (!pieces.length && !editor) return null;
  return (
    <section>
      <h3>{t("frame.evidence")}</h3>
      {!pieces.length && <p className="quiet">{t("frame.no_evidence")}</p>}
      <ul className="panel-list">
        {pieces.map((piece) => (
          <li key={keyOf(piece)} className="evidence">
            <Said piece={piece} map={map} quotes={quotes} inside={Boolean(journey)} open={open} />
            {editor && (
              <CloseButton
                size="sm"
                aria-label={t("edit.detach", { what: Object.values(piece).join(" ") })}
                onClick={() => put(pieces.filter((each) => each !== piece))}
              />
            )}
          </li>
        ))}
      </ul>
      {editor && (
        <Button size="compact-sm" variant="light" mt="sm" aria-expanded={attaching} onClick={() => show(!attaching)}>
          {t("edit.attach")}
        </Button>
      )}
      {editor && attaching && (
        <Suspense>
          <Attach card={card} map={map} attached={pieces} attach={(piece) => put([...pieces, piece])} />
        </Suspense>
      )}
    </section>
  );
}

interface SaidProps {
  piece: Piece;
  map: LivingMap;
  quotes: Verbatim[] | null; // null: on their way
  inside: boolean;
  open: (next: Opened) => void;
}

function Said({ piece, map, quotes, inside, open }: SaidProps): ReactNode {
  const { t } = useWords();
  if ("finding" in piece) {
    const finding = map.findings.find((each) => each.id === piece.finding);
    if (!finding) return <Plain said={String(piece.finding)} why={t("edit.not_in_scope")} />;
    return (
      <button type="button" className="plain link" onClick={() => open({ kind: "finding", id: finding.id })}>
        <span className={`dot ${finding.polarity}`} aria-hidden /> {finding.title}
      </button>
    );
  }
  if ("verbatim" in piece) {
    const id = String(piece.verbatim);
    const quote = quotes?.find((each) => each.id === id) ?? map.verbatims.find((each) => each.id === id);
    if (quote) return <Quoted quote={quote} inside={inside} />;
    return quotes === null ? (
      <Plain said={t("studio.loading")} />
    ) : (
      <Plain said={`${t("edit.attach.verbatim")}: ${id}`} />
    );
  }
  if ("metric" in piece) return <Counted piece={piece} map={map} />;
  if ("theme" in piece && inside) return <Themed id={String(piece.theme)} />;
  if (typeof piece.url === "string" && /^https?:/.test(piece.url))
    return (
      <a href={piece.url} target="_blank" rel="noreferrer">
        {piece.url}
      </a>
    );
  return (
    <Plain
      said={Object.entries(piece)
        .map((pair) => pair.join(": "))
        .join(", ")}
    />
  );
}

function Plain({ said, why }: { said: string; why?: string }) {
  return (
    <span dir="auto">
      {said} {why && <span className="quiet">– {why}</span>}
    </span>
  );
}

type Quote = Pick<Verbatim, "id" | "text" | "emotion" | "kind" | "at">;

function Quoted({ quote, inside }: { quote: Quote; inside: boolean }) {
  const { t, has, date, number } = useWords();
  const kind = quote.kind && (has(`feedback.${quote.kind}`) ? t(`feedback.${quote.kind}`) : quote.kind);
  const facts = [number(quote.emotion, "score"), kind, quote.at && date(quote.at)].filter(Boolean);
  return (
    <div>
      <blockquote className={tone(quote.emotion)} dir="auto">
        {quote.text}
      </blockquote>
      <p className="quiet">
        {facts.join(" · ")}
        {inside && (
          <>
            {" · "}
            <Link to={`/voice/words?id=${encodeURIComponent(quote.id)}`}>{t("edit.open_words")}</Link>
          </>
        )}
      </p>
    </div>
  );
}

/** The newest value, and the ones before it when opened. */
function Counted({ piece, map }: { piece: Piece; map: LivingMap }) {
  const { t } = useWords();
  const said = useMetricWords(map);
  const series = seriesOf(map.metrics).find((each) => isMeant(piece, each));
  const newest = series?.values[0];
  if (!series || !newest) return <Plain said={String(piece.metric)} why={t("edit.not_in_scope")} />;
  return (
    <details>
      <summary>
        {said.name(series)} <b>{said.value(newest)}</b>
      </summary>
      <dl className="series quiet">
        {series.values.map((one) => (
          <div key={one.from}>
            <dt>{said.period(one)}</dt>
            <dd>{said.value(one)}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">{series.source}</p>
    </details>
  );
}

function Themed({ id }: { id: string }) {
  const { t } = useWords();
  const theme = useThemes().data?.find((each) => each.id === id);
  const words = id.slice(id.indexOf(":") + 1).replaceAll("-", ", ");
  return (
    <Link to={`/voice/words?theme=${encodeURIComponent(id)}`}>
      {t("voice.theme")}: {theme?.name ?? words}
    </Link>
  );
}
