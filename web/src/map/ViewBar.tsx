// How the map is looked at: by verdict, which lanes, how wide.
import { Button, Checkbox, Popover, Stack } from "@mantine/core";
import { type LivingMap, VERDICTS } from "../api/map";
import { reaches } from "../api/session";
import { EditBar, People } from "../edit/EditBar";
import { type Editing, mayEdit } from "../edit/useEditor";
import { useWords } from "../i18n";
import { ChooseForm } from "./Form";
import { lanesOf, nameOf } from "./lanes";
import { SavedViews } from "./SavedViews";
import { type Opened, useBeside } from "./scope";
import { VerdictMark } from "./VerdictMark";
import type { View } from "./view";
import { Zoom } from "./Zoom";

interface Props {
  map: LivingMap;
  view: View;
  editing: Editing;
  open: (next: Opened) => void;
}

export function ViewBar({ map, view, editing, open }: Props) {
  const { t, text } = useWords();
  const { beside, setBeside } = useBeside();
  const counts = countVerdicts(map);
  const filled = lanesOf(map.journey).map((lane) => lane.id);
  return (
    <div className="view-bar">
      <fieldset className="verdicts">
        <legend className="sr">{t("frame.verdicts")}</legend>
        {VERDICTS.filter((verdict) => counts[verdict]).map((verdict) => (
          <button
            key={verdict}
            type="button"
            className="plain chip"
            aria-pressed={view.verdict === verdict}
            title={t(`badge.${verdict}.why`)}
            onClick={() => view.toggleVerdict(verdict)}
          >
            <VerdictMark verdict={verdict} />
            {t(`badge.${verdict}`)} <b>{counts[verdict]}</b>
          </button>
        ))}
      </fieldset>
      <span className="spread" />
      <ChooseForm />
      <People journey={map.journey.id} />
      {mayEdit(editing) && editing.state && <EditBar editor={editing.editor} state={editing.state} />}
      <Button variant="subtle" color="gray" size="compact-sm" onClick={() => open({ kind: "personas", id: "all" })}>
        {t("frame.personas")}
      </Button>
      <Button variant="subtle" color="gray" size="compact-sm" onClick={() => open({ kind: "history", id: "all" })}>
        {t("edit.history")}
      </Button>
      <Popover position="bottom-end" shadow="md" trapFocus>
        <Popover.Target>
          <Button variant="subtle" color="gray" size="compact-sm">
            {t("edit.shown")}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Stack gap="xs">
            {lanesOf(map.journey, null).map((lane) => {
              const empty = !filled.includes(lane.id);
              const shown = !view.hidden.includes(lane.id) && (!empty || view.asked.includes(lane.id));
              return (
                <Checkbox
                  key={lane.id}
                  size="xs"
                  label={nameOf(lane, t, text)}
                  checked={shown}
                  onChange={() => view.toggleLane(lane.id, !shown, empty)}
                />
              );
            })}
            <span className="quiet">{t("frame.stages")}</span>
            {map.journey.stages?.map((stage) => (
              <Checkbox
                key={stage.id}
                size="xs"
                label={text(stage.name)}
                checked={!view.stages.includes(stage.id)}
                onChange={() => view.toggleStage(stage.id)}
              />
            ))}
          </Stack>
        </Popover.Dropdown>
      </Popover>
      <SavedViews
        journey={map.journey.id}
        view={view}
        mayShare={mayEdit(editing) !== null}
        mayRemove={editing.state !== null && reaches(editing.state.role, "owner")}
      />
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        aria-pressed={beside !== null}
        onClick={() => setBeside(beside === null ? map.journey.id : null)}
      >
        {t("edit.compare")}
      </Button>
      <Zoom view={view} />
    </div>
  );
}

function countVerdicts(map: LivingMap): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { verdict } of [...map.touchpoints, ...map.cards]) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
}
