// What matters most: the heaviest findings as tiles above the map, the rest when asked.
import { Title } from "@mantine/core";
import { useState } from "react";
import type { Finding, LivingMap } from "../api/map";
import { findingCard, placeOfFinding } from "../edit/accept";
import { useMovable } from "../edit/Dragging";
import { useWords } from "../i18n";
import type { Opened } from "./scope";

const FIRST = 4;

export function Findings({ map, opened, open }: { map: LivingMap; opened: Opened | null; open: (o: Opened) => void }) {
  const { t } = useWords();
  const [all, showAll] = useState(false);
  const shown = all ? map.findings : map.findings.slice(0, FIRST);
  return (
    <section className="findings" aria-label={t("frame.findings")}>
      <div className="findings-head">
        <Title order={2} size="h5">
          {t("frame.findings")}
        </Title>
        {map.findings.length > FIRST && (
          <button type="button" className="plain quiet" aria-expanded={all} onClick={() => showAll(!all)}>
            {all ? t("studio.fewer") : t("studio.more", { n: map.findings.length - FIRST })}
          </button>
        )}
      </div>
      {!shown.length && <p className="quiet">{t("frame.no_findings")}</p>}
      <ol className="tiles">
        {shown.map((finding) => (
          <li key={finding.id}>
            <Tile
              finding={finding}
              chosen={opened?.kind === "finding" && opened.id === finding.id}
              open={() => open({ kind: "finding", id: finding.id })}
            />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** A finding opens with a click, and becomes a card where it is put down. */
function Tile({ finding, chosen, open }: { finding: Finding; chosen: boolean; open: () => void }) {
  const { t, language } = useWords();
  const { ref, handle, moving } = useMovable({
    kind: "card",
    id: finding.id,
    label: finding.title,
    start: placeOfFinding(finding),
    make: (place) => findingCard(finding, place, language),
  });
  return (
    <button
      type="button"
      className={`plain tile ${finding.polarity}${moving ? " moving" : ""}`}
      aria-expanded={chosen}
      onClick={open}
      {...handle}
      ref={ref}
    >
      <span className={`tile-kind tone-${finding.polarity}`}>{t(`frame.${finding.polarity}`)}</span>
      <span className="tile-text">{finding.title}</span>
      <span className="quiet">{t("line.reach", { share: finding.share })}</span>
    </button>
  );
}
