// The map on a phone: the curve once, then the stages one after another, each with its lanes.
import { Title } from "@mantine/core";
import type { StageView } from "../api/map";
import { useMayEdit } from "../edit/useEditor";
import { useWords } from "../i18n";
import { Cell } from "./Cell";
import { EmotionCurve } from "./EmotionCurve";
import { lanesOf, nameOf } from "./lanes";
import { AddStage, type FormProps } from "./Matrix";
import { marksOf } from "./marks";
import { StageNumbers } from "./StageNumbers";
import { holds } from "./scope";

export function Stack({ map, view, opened, open }: FormProps) {
  const { t, text } = useWords();
  const editor = useMayEdit();
  const marks = marksOf(map);
  const lanes = lanesOf(map.journey, view.asked).filter((lane) => !view.hidden.includes(lane.id));
  return (
    <div className="stack">
      <EmotionCurve map={map} opened={opened} open={open} />
      {(map.journey.stages ?? []).map((stage) => (
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
          <Numbers stage={marks.stages.get(stage.id)} cases={map.cases} />
          {lanes
            .filter((lane) => editor || lane.id === "touchpoints" || stage.cards?.some((card) => card.lane === lane.id))
            .map((lane) => (
              <div key={lane.id} data-cell data-stage={stage.id} data-lane={lane.id}>
                <h3 className="quiet">{nameOf(lane, t, text)}</h3>
                <Cell
                  lane={lane.id}
                  laneName={nameOf(lane, t, text)}
                  stage={stage}
                  marks={marks}
                  dimmed={view.verdict}
                  opened={holds(stage, opened)}
                  open={open}
                />
              </div>
            ))}
        </section>
      ))}
      <AddStage />
    </div>
  );
}

function Numbers({ stage, cases }: { stage: StageView | undefined; cases: number }) {
  return stage ? <StageNumbers stage={stage} cases={cases} /> : null;
}
