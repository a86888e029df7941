// Which events are a touchpoint: edited as a draft, with what it does to the numbers before it is kept.
import { Button, Group, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { request } from "../api/client";
import type { Journey, Rule, Touchpoint } from "../api/journey";
import { useWords } from "../i18n";
import { useScope } from "../map/scope";
import { Trouble } from "../ui/Trouble";
import type { Op } from "./ops";
import { useMayEdit } from "./useEditor";

interface Draft {
  key: number;
  event: string;
  channel: string;
  where: string; // dimension=value, dimension=value
}

export function Rules({ place, journey }: { place: Touchpoint; journey: Journey }) {
  const { t } = useWords();
  const [began, begin] = useState<Rule[] | null>(null);
  const editor = useMayEdit();
  return (
    <section>
      <h3>{t("edit.rules")}</h3>
      {began && editor ? (
        <Drafts place={place.id} was={began} journey={journey} done={() => begin(null)} />
      ) : (
        <>
          <ul className="panel-list">
            {(place.match ?? []).map((rule) => (
              <li key={JSON.stringify(rule)}>
                <code>{written(rule)}</code>
              </li>
            ))}
            {!place.match?.length && <li className="quiet">{t("edit.no_rules")}</li>}
          </ul>
          {editor && (
            <Button size="compact-xs" variant="default" mt={6} onClick={() => begin(place.match ?? [])}>
              {t("edit.edit_rules")}
            </Button>
          )}
        </>
      )}
    </section>
  );
}

const list = (text: string) =>
  text
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean);

function written({ event, channel, where }: Rule): string {
  const conditions = Object.entries(where ?? {}).map(([name, values]) => `${name}=${values.join("|")}`);
  return [event?.join(", "), channel?.length ? `@ ${channel.join(", ")}` : "", ...conditions]
    .filter(Boolean)
    .join("  ");
}

function drafted(rule: Rule, key: number): Draft {
  const where = Object.entries(rule.where ?? {}).flatMap(([name, values]) => values.map((value) => `${name}=${value}`));
  return { key, event: rule.event?.join(", ") ?? "", channel: rule.channel?.join(", ") ?? "", where: where.join(", ") };
}

function ruled({ event, channel, where }: Draft): Rule {
  const rule: Rule = {};
  if (list(event).length) rule.event = list(event);
  if (list(channel).length) rule.channel = list(channel);
  for (const condition of list(where)) {
    const [name = "", ...value] = condition.split("=");
    rule.where = { ...rule.where, [name.trim()]: [...(rule.where?.[name.trim()] ?? []), value.join("=").trim()] };
  }
  return rule;
}

const half = ({ where }: Draft) => list(where).some((condition) => !/^[^=]+=.+$/.test(condition));

interface DraftsProps {
  place: string;
  was: Rule[];
  journey: Journey;
  done: () => void;
}

function Drafts({ place, was, journey, done }: DraftsProps) {
  const { t } = useWords();
  const editor = useMayEdit();
  const [drafts, draft] = useState(() => (was.length ? was : [{}]).map(drafted));
  const rules = drafts.map(ruled).filter((rule) => Object.keys(rule).length);
  const op: Op = { op: "set", part: "touchpoint", id: place, field: "match", value: rules, was };
  const wrong = drafts.some(half);
  const change = (key: number, field: keyof Draft, value: string) =>
    draft(drafts.map((each) => (each.key === key ? { ...each, [field]: value } : each)));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (wrong) return;
        editor?.change([op]);
        done();
      }}
    >
      {drafts.map((each) => (
        <fieldset key={each.key} className="rule">
          <TextInput
            size="xs"
            label={t("edit.rule_event")}
            placeholder="menu_*, product_view"
            value={each.event}
            onChange={(event) => change(each.key, "event", event.currentTarget.value)}
          />
          <TextInput
            size="xs"
            label={t("edit.rule_channel")}
            placeholder="store, app"
            value={each.channel}
            onChange={(event) => change(each.key, "channel", event.currentTarget.value)}
          />
          <TextInput
            size="xs"
            label={t("edit.rule_where")}
            placeholder="market=Lisbon"
            error={half(each) ? t("studio.condition_hint") : undefined}
            value={each.where}
            onChange={(event) => change(each.key, "where", event.currentTarget.value)}
          />
        </fieldset>
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        onClick={() => draft([...drafts, drafted({}, Math.max(-1, ...drafts.map((each) => each.key)) + 1)])}
      >
        {t("edit.add_rule")}
      </Button>
      {!wrong && <Preview op={op} journey={journey} place={place} />}
      <Group gap="xs" mt="xs">
        <Button type="submit" size="xs" disabled={wrong}>
          {t("edit.save_rules")}
        </Button>
        <Button size="xs" variant="default" onClick={done}>
          {t("edit.cancel")}
        </Button>
      </Group>
    </form>
  );
}

interface Changed {
  part: "map" | "stage" | "touchpoint";
  place: string | null;
  measure: string;
  before: number | null;
  after: number | null;
}

const SHOWN = 14;

/** What the draft would do: this touchpoint's numbers first, then the map's and the others'. */
function Preview({ op, journey, place }: { op: Op; journey: Journey; place: string }) {
  const { t, number, has } = useWords();
  const { scope } = useScope();
  const [asked] = useDebouncedValue(op, 350);
  const preview = useQuery({
    queryKey: ["preview", journey.id, asked, scope],
    queryFn: () =>
      request<Changed[]>("POST", `/journeys/${journey.id}/preview`, { body: { ops: [asked] }, query: { ...scope } }),
    staleTime: 0,
  });
  const names = useNames(journey);
  const nameOf = (measure: string) => {
    const key = has(`edit.measure.${measure}`) ? `edit.measure.${measure}` : `kpi.${measure}`;
    return has(key) ? t(key) : measure;
  };
  if (preview.isError) return <Trouble error={preview.error} />;
  const ranked = [...(preview.data ?? [])].sort((a, b) => Number(b.place === place) - Number(a.place === place));
  return (
    <div className="preview" role="status" aria-busy={preview.isFetching}>
      <h4>{t("edit.preview")}</h4>
      {preview.isFetching && <p className="quiet">{t("edit.computing")}</p>}
      {preview.data && !ranked.length && <p className="quiet">{t("edit.no_effect")}</p>}
      <ul>
        {ranked.slice(0, SHOWN).map(({ part, place, measure, before, after }) => (
          <li key={`${part} ${place} ${measure}`}>
            <span>{[place ? names.get(place) : t("frame.map"), nameOf(measure)].join(" · ")}</span>
            <span>
              {number(before, kindOf(measure))} → <b>{number(after, kindOf(measure))}</b>
            </span>
          </li>
        ))}
      </ul>
      {ranked.length > SHOWN && <p className="quiet">{t("studio.more", { n: ranked.length - SHOWN })}</p>}
    </div>
  );
}

function useNames(journey: Journey): Map<string, string> {
  const { text } = useWords();
  const stages = journey.stages ?? [];
  const parts = stages.flatMap((stage) => [stage, ...(stage.touchpoints ?? [])]);
  return new Map(parts.map((part) => [part.id, text(part.name)]));
}

const SHARES = ["completed", "unmatched_share", "fitting_share", "drop_rate", "repeat_rate"];
const COUNTS = ["customers", "cases", "events", "unmatched_events", "entered", "continued", "dropped"];

function kindOf(measure: string) {
  if (SHARES.includes(measure)) return "share" as const;
  if (COUNTS.includes(measure)) return "integer" as const;
  if (measure === "dwell_median_s") return "duration" as const;
  return measure === "emotion" ? ("score" as const) : ("decimal" as const);
}
