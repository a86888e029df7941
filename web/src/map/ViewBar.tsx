// How the map is looked at: by verdict, which lanes, how wide.
import { Button, Checkbox, Popover, Stack } from "@mantine/core";
import { type LivingMap, VERDICTS } from "../api/map";
import { useWords } from "../i18n";
import { lanesOf } from "./lanes";
import { VerdictMark } from "./VerdictMark";
import type { View } from "./view";

export function ViewBar({ map, view, narrow }: { map: LivingMap; view: View; narrow: boolean }) {
  const { t, text } = useWords();
  const counts = countVerdicts(map);
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
      <Popover position="bottom-end" shadow="md" trapFocus>
        <Popover.Target>
          <Button variant="subtle" color="gray" size="compact-sm">
            {t("studio.lanes")}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Stack gap="xs">
            {lanesOf(map.journey).map((lane) => (
              <Checkbox
                key={lane.id}
                size="xs"
                label={lane.name ? text(lane.name) : t(`lane.${lane.id}`)}
                checked={!view.hidden.includes(lane.id)}
                onChange={() => view.toggleLane(lane.id)}
              />
            ))}
          </Stack>
        </Popover.Dropdown>
      </Popover>
      {!narrow && (
        <Button variant="subtle" color="gray" size="compact-sm" aria-pressed={view.fit} onClick={view.toggleFit}>
          {t(view.fit ? "studio.readable" : "studio.fit")}
        </Button>
      )}
    </div>
  );
}

function countVerdicts(map: LivingMap): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { verdict } of [...map.touchpoints, ...map.cards]) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
}
