// The hero: the emotion curve through the stages with its interval, the team's assumption dashed beside it.
// The picture is stretched; points are buttons over it, so that they stay round and answer the keyboard.
import { Tooltip } from "@mantine/core";
import { useId, useMemo, useState } from "react";
import type { LivingMap } from "../api/map";
import { Assumed, type Held } from "../edit/Assumed";
import { useWords } from "../i18n";
import { assumed, band, line, measured, type Point, placed, tone } from "./curve";
import type { Opened } from "./scope";

interface Props {
  map: LivingMap;
  opened: Opened | null;
  open: (next: Opened) => void;
}

export function EmotionCurve({ map, opened, open }: Props) {
  const { t } = useWords();
  const stages = map.journey.stages?.length ?? 0;
  const curve = useMemo(() => measured(map), [map]);
  const persona = map.persona ?? "all";
  const [held, hold] = useState<Held | null>(null);
  const belief = useMemo(() => assumed(map, persona, held), [map, persona, held]);
  const seen = new Map(curve.runs.flat().map((point) => [point.id, point.y]));
  const gradient = useId();
  return (
    <div className="curve">
      <svg viewBox={`0 -2.2 ${stages} 4.4`} preserveAspectRatio="none" aria-hidden>
        <defs>
          <linearGradient id={gradient} gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="-1.2" y2="1.2">
            <stop offset="0" className="stop-best" />
            <stop offset="0.4" className="stop-even" />
            <stop offset="0.6" className="stop-even" />
            <stop offset="1" className="stop-worst" />
          </linearGradient>
        </defs>
        {curve.gaps.map((gap) => (
          <rect key={gap.from} className="gap" x={gap.from} width={gap.to - gap.from} y="-2.2" height="4.4" />
        ))}
        <line className="neutral" x1="0" x2={stages} y1="0" y2="0" />
        {Array.from({ length: Math.max(0, stages - 1) }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines between stages are nothing but their place
          <line key={i} className="between" x1={i + 1} x2={i + 1} y1="-2.2" y2="2.2" />
        ))}
        {curve.runs.map((run) => (
          <path key={run[0]?.id} className="band" d={band(run)} fill={`url(#${gradient})`} />
        ))}
        <path className="assumed" d={line(belief)} />
        {curve.runs.map((run) => (
          <path key={run[0]?.id} className="line" d={line(run)} stroke={`url(#${gradient})`} />
        ))}
      </svg>
      <span className="axis top">{t("frame.delighted")}</span>
      <span className="axis bottom">{t("frame.frustrated")}</span>
      {curve.gaps.map((gap) => (
        <span key={gap.from} className="gap-label" style={{ left: `${((gap.from + gap.to) / 2 / stages) * 100}%` }}>
          {t("frame.nothing_known")}
        </span>
      ))}
      {placed(map).map(({ place, x }) => (
        <Assumed
          key={place.id}
          place={place}
          persona={persona}
          left={`${(x / stages) * 100}%`}
          measured={seen.get(place.id)}
          held={held}
          hold={hold}
        />
      ))}
      {curve.runs.flat().map((point) => (
        <Mark key={point.id} point={point} map={map} stages={stages} opened={opened} open={open} />
      ))}
    </div>
  );
}

function Mark({ point, map, stages, opened, open }: Props & { point: Point; stages: number }) {
  const { t, text, number } = useWords();
  const { score, low, high, n } = point.emotion;
  const kind = map.stages.some((stage) => stage.id === point.id) ? "stage" : "touchpoint";
  const name = text(point.name);
  const why = low === null ? t("line.score_only", { score, n }) : t("line.score", { score, low, high, n });
  const expanded = opened?.kind === kind && opened.id === point.id;
  const place = { left: `${(point.x / stages) * 100}%`, top: `${((2.2 - point.y) / 4.4) * 100}%` };
  return (
    <>
      <Tooltip label={`${name}: ${why}`} withArrow openDelay={80} events={{ hover: true, focus: true, touch: false }}>
        <button
          type="button"
          className={`plain mark ${tone(point.y)}${point.star ? " star" : ""}`}
          style={place}
          aria-label={`${point.star ? `${t("frame.moment_of_truth")}: ` : ""}${name}: ${why}`}
          aria-expanded={expanded}
          onClick={() => open({ kind, id: point.id })}
        >
          {point.star ? "★" : ""}
        </button>
      </Tooltip>
      {point.valley && (
        <span className="valley" style={place} aria-hidden>
          {name} {number(score, "score")}
        </span>
      )}
    </>
  );
}
