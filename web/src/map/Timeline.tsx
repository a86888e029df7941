// The map along real time: when each stage begins and how long it lasts by its median stay, and the touchpoints in it.
// Stages start where the stays of the earlier ones, added up, end: a sketch of time, not the median of any one case.
import type { Stage, Touchpoint } from "../api/journey";
import type { StageView } from "../api/map";
import { useWords } from "../i18n";
import { tone } from "./curve";
import type { FormProps } from "./Matrix";
import { type Marks, marksOf } from "./marks";
import type { Opened } from "./scope";
import { useZoom } from "./useZoom";
import { VerdictMark } from "./VerdictMark";

export function Timeline({ map, view, opened, open }: FormProps) {
  const { t } = useWords();
  const marks = marksOf(map);
  const starts = startsOf(map.journey.stages ?? [], marks);
  const fit = view.fit === "whole" ? view.fit : null;
  const box = useZoom<HTMLElement>(fit, map);
  return (
    <section ref={box} className={`timeline zoomed${fit ? " whole" : ""}`} aria-label={t("frame.timeline")}>
      <p className="quiet">{t("frame.cumulated")}</p>
      <ol>
        {(map.journey.stages ?? []).map((stage, s) => (
          <li key={stage.id}>
            <Moment
              stage={stage}
              walked={marks.stages.get(stage.id)}
              at={starts[s] ?? null}
              opened={opened}
              open={open}
            />
            <ol>
              {(stage.touchpoints ?? []).map((place) => (
                <li key={place.id}>
                  <Stop place={place} marks={marks} expanded={opened?.id === place.id} open={open} />
                </li>
              ))}
            </ol>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** When each stage starts, in seconds; null where nobody was. */
function startsOf(stages: Stage[], marks: Marks): (number | null)[] {
  let at = 0;
  return stages.map(({ id }) => {
    const walked = marks.stages.get(id);
    const start = walked?.entered ? at : null;
    at += walked?.dwell.median_s ?? 0;
    return start;
  });
}

interface MomentProps {
  stage: Stage;
  walked: StageView | undefined;
  at: number | null;
  opened: Opened | null;
  open: (next: Opened) => void;
}

function Moment({ stage, walked, at, opened, open }: MomentProps) {
  const { t, text } = useWords();
  const span = walked?.dwell.median_s ?? null;
  const when = at === null ? t("frame.not_walked") : at === 0 ? t("line.at_start") : t("line.after", { at });
  return (
    <button
      type="button"
      className={`plain stop stage-stop tone-of-${tone(walked?.emotion.score)}`}
      aria-expanded={opened?.kind === "stage" && opened.id === stage.id}
      onClick={() => open({ kind: "stage", id: stage.id })}
    >
      <span className="stop-when">{when}</span>
      <b>{text(stage.name)}</b>
      {at !== null && span !== null && <span className="quiet">{t("line.lasts", { span })}</span>}
    </button>
  );
}

interface StopProps {
  place: Touchpoint;
  marks: Marks;
  expanded: boolean;
  open: (next: Opened) => void;
}

function Stop({ place, marks, expanded, open }: StopProps) {
  const { t, text, number } = useWords();
  const walked = marks.touchpoints.get(place.id);
  const wait = walked?.wait_before.median_s ?? null;
  return (
    <button
      type="button"
      className={`plain stop tone-of-${tone(walked?.emotion.score)}`}
      aria-expanded={expanded}
      onClick={() => open({ kind: "touchpoint", id: place.id })}
    >
      <span>
        {place.moment_of_truth && "★ "}
        {text(place.name)}
      </span>
      {walked && <VerdictMark verdict={walked.verdict} named />}
      {wait !== null && <span className="quiet">{t("line.since_last", { at: wait })}</span>}
      {walked && walked.emotion.score !== null && (
        <span className={`felt ${tone(walked.emotion.score)}`}>{number(walked.emotion.score, "score")}</span>
      )}
    </button>
  );
}
