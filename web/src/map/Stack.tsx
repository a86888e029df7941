// The map on a phone: the curve once, then the stages one after another, each with its lanes.
import { Title } from "@mantine/core";
import { useMemo } from "react";
import { useWords } from "../i18n";
import { Cell } from "./Cell";
import { EmotionCurve } from "./EmotionCurve";
import { lanesOf } from "./lanes";
import type { FormProps } from "./Matrix";
import { marksOf } from "./marks";
import { StageNumbers } from "./StageNumbers";

export function Stack({ map, view, opened, open }: FormProps) {
  const { t, text } = useWords();
  const marks = useMemo(() => marksOf(map), [map]);
  const lanes = lanesOf(map.journey).filter((lane) => !view.hidden.includes(lane.id));
  return (
    <div className="stack">
      <EmotionCurve map={map} opened={opened} open={open} />
      {(map.journey.stages ?? []).map((stage, s) => (
        <section key={stage.id}>
          <Title order={2} size="h4">
            <button
              type="button"
              className="plain"
              aria-expanded={opened?.kind === "stage" && opened.id === stage.id}
              onClick={() => open({ kind: "stage", id: stage.id })}
            >
              {text(stage.name)}
            </button>
          </Title>
          {map.stages[s] && <StageNumbers stage={map.stages[s]} cases={map.cases} />}
          {lanes
            .filter((lane) => lane.id === "touchpoints" || stage.cards?.some((card) => card.lane === lane.id))
            .map((lane) => (
              <div key={lane.id}>
                <h3 className="quiet">{lane.name ? text(lane.name) : t(`lane.${lane.id}`)}</h3>
                <Cell lane={lane.id} stage={stage} marks={marks} dimmed={view.verdict} opened={opened} open={open} />
              </div>
            ))}
        </section>
      ))}
    </div>
  );
}
