// A funnel of one's own: touchpoints in order, and the share of cases that reaches each, by group if asked.
import { Button, NativeSelect, Pill, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { type Funnel, useFunnel } from "../api/insight";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import { Box } from "../ui/Page";
import { Waiting } from "../ui/Waiting";
import type { PartProps } from "./InsightPage";
import { useNames } from "./names";

const FIRST = 4; // touchpoints, to begin with

export function Funnels({ map }: PartProps) {
  const { t, text } = useWords();
  const names = useNames(map);
  const stages = map.journey.stages ?? [];
  const [steps, setSteps] = useState(() =>
    // The most met touchpoint of each of the first stages: a funnel that says something at once.
    stages
      .map(
        (stage) => map.touchpoints.filter((each) => each.stage === stage.id).sort((a, b) => b.cases - a.cases)[0]?.id,
      )
      .filter((id): id is string => id !== undefined)
      .slice(0, FIRST),
  );
  const [by, setBy] = useState("");
  const [asked] = useDebouncedValue(by.trim(), 400);
  const funnel = useFunnel(map.journey.id, steps, asked);
  return (
    <Box title={t("insight.funnels")} why={t("insight.funnels_why")}>
      <div className="box-body">
        <ol className="path steps">
          {steps.map((step, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a step may come twice
            <li key={at}>
              <Pill
                withRemoveButton
                onRemove={() => setSteps(steps.filter((_, other) => other !== at))}
                removeButtonProps={{
                  "aria-label": t("studio.remove", { what: names.touchpoint(step) }),
                  tabIndex: 0,
                  "aria-hidden": false,
                }}
              >
                {names.touchpoint(step)}
              </Pill>
            </li>
          ))}
        </ol>
        <div className="fields">
          <NativeSelect
            size="xs"
            label={t("insight.add_step")}
            value=""
            onChange={(event) => event.currentTarget.value && setSteps([...steps, event.currentTarget.value])}
            data={[
              { value: "", label: "+" },
              ...stages.map((stage) => ({
                group: text(stage.name),
                items: (stage.touchpoints ?? []).map(({ id, name }) => ({ value: id, label: text(name) })),
              })),
            ]}
          />
          <TextInput
            size="xs"
            label={t("insight.by")}
            placeholder="market"
            value={by}
            onChange={(event) => setBy(event.currentTarget.value)}
          />
          {steps.length > 0 && (
            <Button size="xs" variant="subtle" onClick={() => setSteps([])}>
              {t("studio.clear")}
            </Button>
          )}
        </div>
        {steps.length < 2 && <p className="quiet">{t("insight.two_steps")}</p>}
        <Failure error={funnel.error} />
        {funnel.isLoading && <Waiting />}
        {funnel.data && steps.length > 1 && <Groups map={map} funnel={funnel.data} />}
      </div>
    </Box>
  );
}

function Groups({ map, funnel }: PartProps & { funnel: Funnel }) {
  const { t, number } = useWords();
  const names = useNames(map);
  return funnel.groups.map((group) => (
    <section key={group.value} className="funnel" aria-label={group.value ?? t("frame.everyone")}>
      <h3>
        {group.value ?? (funnel.by ? t("insight.without") : t("frame.everyone"))}{" "}
        <span className="quiet">{t("insight.cases", { n: group.cases })}</span>
      </h3>
      <ol>
        {group.steps.map((step, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step may come twice
          <li key={at}>
            <span className="step-name">{names.touchpoint(step.step)}</span>
            <span className="share-of" aria-hidden>
              <span style={{ width: `${100 * (step.share.value ?? 0)}%` }} />
            </span>
            <strong className="n">{number(step.share.value, "share")}</strong>
            <span className="quiet n">{at > 0 && t("insight.of_before", { share: step.from_before.value })}</span>
          </li>
        ))}
      </ol>
    </section>
  ));
}
