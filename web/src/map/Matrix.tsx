// The map as a matrix: stages across, lanes down; the head of the stages and the names of the lanes stay in sight.
import { useMemo } from "react";
import type { Stage } from "../api/journey";
import type { LivingMap, StageView } from "../api/map";
import { useWords } from "../i18n";
import { Cell } from "./Cell";
import { EmotionCurve } from "./EmotionCurve";
import { lanesOf } from "./lanes";
import { marksOf } from "./marks";
import { StageNumbers } from "./StageNumbers";
import type { Opened } from "./scope";
import type { View } from "./view";

export interface FormProps {
  map: LivingMap;
  view: View;
  opened: Opened | null;
  open: (next: Opened) => void;
}

export function Matrix({ map, view, opened, open }: FormProps) {
  const { t, text } = useWords();
  const marks = useMemo(() => marksOf(map), [map]);
  const stages = map.journey.stages ?? [];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="matrix-wrap" tabIndex={0} aria-label={`${text(map.journey.title)} – ${t("frame.matrix")}`}>
      <table className={`matrix${view.fit ? " fit" : ""}`} style={{ "--stages": stages.length } as React.CSSProperties}>
        <thead>
          <tr>
            <th scope="col" className="corner">
              <span className="sr">{t("frame.stages")}</span>
            </th>
            {stages.map((stage, s) => (
              <StageHead key={stage.id} stage={stage} view={map.stages[s]} opened={opened} open={open} />
            ))}
          </tr>
        </thead>
        <tbody>
          <tr className="curve-row">
            <th scope="row">{t("frame.emotion_curve")}</th>
            <td colSpan={stages.length}>
              <EmotionCurve map={map} opened={opened} open={open} />
            </td>
          </tr>
          <tr>
            <th scope="row">{t("studio.numbers")}</th>
            {stages.map((stage, s) => (
              <td key={stage.id}>{map.stages[s] && <StageNumbers stage={map.stages[s]} cases={map.cases} />}</td>
            ))}
          </tr>
          {lanesOf(map.journey)
            .filter((lane) => !view.hidden.includes(lane.id))
            .map((lane) => (
              <tr key={lane.id}>
                <th scope="row">{lane.name ? text(lane.name) : t(`lane.${lane.id}`)}</th>
                {stages.map((stage) => (
                  <td key={stage.id}>
                    <Cell
                      lane={lane.id}
                      stage={stage}
                      marks={marks}
                      dimmed={view.verdict}
                      opened={opened}
                      open={open}
                    />
                  </td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}

interface HeadProps {
  stage: Stage;
  view: StageView | undefined;
  opened: Opened | null;
  open: (next: Opened) => void;
}

function StageHead({ stage, view, opened, open }: HeadProps) {
  const { t, text } = useWords();
  return (
    <th scope="col">
      <button
        type="button"
        className="plain stage-name"
        aria-expanded={opened?.kind === "stage" && opened.id === stage.id}
        onClick={() => open({ kind: "stage", id: stage.id })}
      >
        {text(stage.name)}
      </button>
      {view && <span className="quiet">{t("line.customers", { n: view.customers })}</span>}
    </th>
  );
}
