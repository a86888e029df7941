// The map as a matrix: stages across, lanes down; the head of the stages and the names of the lanes stay in sight.
import type { Stage } from "../api/journey";
import type { LivingMap, StageView } from "../api/map";
import { useMovable } from "../edit/Dragging";
import { AddButton, useFocusAfter, useInline } from "../edit/Inline";
import { newId } from "../edit/ops";
import { useMayEdit } from "../edit/useEditor";
import { useWords } from "../i18n";
import { Cell } from "./Cell";
import { EmotionCurve } from "./EmotionCurve";
import { both, Here, once, useEditKeys } from "./items";
import { LaneHead } from "./LaneHead";
import { type Lane, lanesOf, nameOf } from "./lanes";
import { marksOf } from "./marks";
import { StageNumbers } from "./StageNumbers";
import { holds, type Opened } from "./scope";
import { useZoom } from "./useZoom";
import type { View } from "./view";

export interface FormProps {
  map: LivingMap;
  view: View;
  opened: Opened | null;
  open: (next: Opened) => void;
}

export function Matrix({ map, view, opened, open }: FormProps) {
  const { t, text } = useWords();
  const marks = marksOf(map);
  const stages = map.journey.stages ?? [];
  const lanes = lanesOf(map.journey, view.asked).filter((lane) => !view.hidden.includes(lane.id));
  const box = useZoom<HTMLElement>(view.fit === "whole" ? view.fit : null, map);
  return (
    <section
      ref={box}
      className="matrix-wrap zoomed"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={`${text(map.journey.title)} – ${t("frame.matrix")}`}
    >
      <table
        className={`matrix${view.fit === "width" ? " fit" : ""}`}
        style={{ "--stages": stages.length } as React.CSSProperties}
      >
        <thead>
          <tr>
            <th scope="col" className="corner">
              <span className="sr">{t("frame.stages")}</span>
              <AddStage />
            </th>
            {stages.map((stage) => (
              <StageHead key={stage.id} stage={stage} view={marks.stages.get(stage.id)} opened={opened} open={open} />
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
            {stages.map((stage) => {
              const walked = marks.stages.get(stage.id);
              return <td key={stage.id}>{walked && <StageNumbers stage={walked} cases={map.cases} />}</td>;
            })}
          </tr>
          {lanes.map((lane) => (
            <tr key={lane.id} data-lane-row={lane.id}>
              <th scope="row">
                <LaneHead lane={lane} journey={map.journey} />
              </th>
              {stages.map((stage) => (
                <td key={stage.id} data-cell data-stage={stage.id} data-lane={lane.id}>
                  <Cell
                    lane={lane.id}
                    laneName={nameOf(lane, t, text)}
                    stage={stage}
                    marks={marks}
                    dimmed={view.verdict}
                    opened={holds(stage, opened)}
                    open={open}
                  />
                </td>
              ))}
            </tr>
          ))}
          <AddLane lanes={lanes} span={stages.length} />
        </tbody>
      </table>
    </section>
  );
}

export function AddStage() {
  const editor = useMayEdit();
  const { t } = useWords();
  if (!editor) return null;
  const add = (name: string) => editor.change([{ op: "add", part: "stage", value: { id: newId("stage"), name } }]);
  return <AddButton label={t("edit.add_stage")} className="named" add={add} />;
}

function AddLane({ lanes, span }: { lanes: Lane[]; span: number }) {
  const editor = useMayEdit();
  const { t } = useWords();
  if (!editor) return null;
  const after = lanes.at(-1)?.id;
  const add = (name: string) => editor.change([{ op: "add", part: "lane", value: { id: newId("lane"), name, after } }]);
  return (
    <tr>
      <th scope="row">
        <AddButton label={t("edit.add_lane")} className="named" add={add} />
      </th>
      <td colSpan={span} />
    </tr>
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
  const name = text(stage.name);
  const inline = useInline(["stage", stage.id, "name"], stage.name, t("edit.name_of_stage"));
  const keys = useEditKeys("stage", stage.id, inline.begin);
  const { ref, handle, moving } = useMovable({ kind: "stage", id: stage.id, label: name }, keys);
  const button = useFocusAfter(Boolean(inline.editor));
  return (
    <th scope="col" data-stage-head={stage.id}>
      {inline.editor ?? (
        <button
          type="button"
          className={`plain stage-name${moving ? " moving" : ""}`}
          aria-expanded={opened?.kind === "stage" && opened.id === stage.id}
          onClick={(event) => once(event) && open({ kind: "stage", id: stage.id })}
          onDoubleClick={inline.begin}
          {...handle}
          ref={both(ref, button)}
        >
          {name}
        </button>
      )}
      <Here id={stage.id} />
      {view && <span className="quiet">{t("line.customers", { n: view.customers })}</span>}
    </th>
  );
}
