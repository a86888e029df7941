// What the panel holds for a stage, a touchpoint, a finding and a card.
import { Button } from "@mantine/core";
import { FEELINGS, type Text, type Touchpoint } from "../api/journey";
import type { Finding, LivingMap, StageView, TouchpointView } from "../api/map";
import { NotFound } from "../app/NotFound";
import { cardOn, findingCard, placeOfFinding, verbatimCard } from "../edit/accept";
import { AssumedFact, ChoiceFact, TextFact, ToggleFact } from "../edit/fields";
import type { Listed } from "../edit/ops";
import { Rules } from "../edit/Rules";
import { useMayEdit } from "../edit/useEditor";
import { useWords } from "../i18n";
import { tone } from "./curve";
import { Evidence } from "./Evidence";
import { Fact, Facts, Felt, Kpis, Lasting, Linked, Measured, Told, VerdictLine } from "./facts";
import { PanelFrame } from "./Panel";
import type { Opened } from "./scope";

interface Props {
  map: LivingMap;
  id: string;
  open: (next: Opened | null) => void;
}

const FIRST_STEPS = 5;

export function StagePanel({ map, id, open }: Props) {
  const { t, text } = useWords();
  const drawn = map.journey.stages?.find((stage) => stage.id === id);
  const walked = map.stages.find((stage) => stage.id === id);
  if (!drawn) return <NotFound />;
  return (
    <PanelFrame
      kicker={t("frame.stage")}
      title={text(drawn.name)}
      edit={{ at: ["stage", id, "name"], text: drawn.name }}
      close={() => open(null)}
    >
      <Facts>
        <TextFact name={t("frame.customer_goal")} at={["stage", id, "customer_goal"]} text={drawn.customer_goal} />
        <TextFact name={t("frame.description")} at={["stage", id, "description"]} text={drawn.description} />
        <TextFact name={t("frame.owner")} at={["stage", id, "owner"]} text={drawn.owner} />
      </Facts>
      {walked && <StageEvidence walked={walked} />}
      <FindingList findings={map.findings.filter((finding) => finding.stage === id)} open={open} />
      <Words map={map} touchpoints={(drawn.touchpoints ?? []).map((place) => place.id)} />
      <Remove part="stage" id={id} open={open} />
    </PanelFrame>
  );
}

function StageEvidence({ walked }: { walked: StageView }) {
  const { t } = useWords();
  return (
    <>
      <VerdictLine verdict={walked.verdict} reason={walked.verdict_reason} />
      <Facts>
        <Fact name={t("frame.entered")} value={walked.entered} kind="integer" why={t("define.entered")} />
        <Measured name={t("frame.drop_off")} estimate={walked.drop_rate} why={t("define.drop_rate")} />
        <Lasting name={t("frame.dwell")} wait={walked.dwell} why={t("define.dwell")} />
        <Felt emotion={walked.emotion} />
        <Kpis kpis={walked.kpis} />
      </Facts>
    </>
  );
}

export function TouchpointPanel({ map, id, open }: Props) {
  const { t, text } = useWords();
  const drawn = map.journey.stages?.flatMap((stage) => stage.touchpoints ?? []).find((place) => place.id === id);
  const walked = map.touchpoints.find((place) => place.id === id);
  if (!drawn) return <NotFound />;
  return (
    <PanelFrame
      kicker={t("frame.touchpoint")}
      title={text(drawn.name)}
      edit={{ at: ["touchpoint", id, "name"], text: drawn.name }}
      close={() => open(null)}
    >
      <TouchpointFacts drawn={drawn} persona={map.persona ?? "all"} />
      {walked && <TouchpointEvidence map={map} walked={walked} />}
      <Rules key={id} place={drawn} journey={map.journey} />
      <FindingList findings={map.findings.filter((finding) => finding.touchpoint === id)} open={open} />
      <Steps map={map} id={id} direction="from" open={open} />
      <Steps map={map} id={id} direction="to" open={open} />
      <Words map={map} touchpoints={[id]} />
      <Remove part="touchpoint" id={id} open={open} />
    </PanelFrame>
  );
}

function TouchpointFacts({ drawn, persona }: { drawn: Touchpoint; persona: string }) {
  const { t, has } = useWords();
  const editor = useMayEdit();
  const { id } = drawn;
  const channel = drawn.channel && has(`channel.${drawn.channel}`) ? t(`channel.${drawn.channel}`) : drawn.channel;
  return (
    <Facts>
      {drawn.moment_of_truth && !editor && (
        <Told name={t("frame.importance")} value={`★ ${t("frame.moment_of_truth")}`} />
      )}
      <TextFact name={t("frame.description")} at={["touchpoint", id, "description"]} text={drawn.description} />
      <TextFact name={t("frame.context")} at={["touchpoint", id, "context"]} text={drawn.context} />
      <TextFact name={t("frame.channel")} at={["touchpoint", id, "channel"]} text={editor ? drawn.channel : channel} />
      <TextFact name={t("frame.owner")} at={["touchpoint", id, "owner"]} text={drawn.owner} />
      <TextFact name={t("lane.backstage")} at={["touchpoint", id, "backstage"]} text={drawn.backstage} />
      <AssumedFact place={drawn} persona={persona} />
      <ToggleFact
        name={`★ ${t("frame.moment_of_truth")}`}
        at={["touchpoint", id, "moment_of_truth"]}
        value={drawn.moment_of_truth}
      />
    </Facts>
  );
}

function TouchpointEvidence({ map, walked }: { map: LivingMap; walked: TouchpointView }) {
  const { t, date } = useWords();
  return (
    <>
      <VerdictLine verdict={walked.verdict} reason={walked.verdict_reason} />
      <Facts>
        <Fact name={t("frame.customers")} value={walked.customers} kind="integer" why={t("define.customers")} />
        <Fact
          name={t("frame.reach")}
          value={map.cases ? walked.cases / map.cases : null}
          kind="share"
          why={t("define.reach")}
        />
        <Lasting name={t("frame.wait_before")} wait={walked.wait_before} why={t("define.wait_before")} />
        <Measured name={t("frame.repeat_rate")} estimate={walked.repeat_rate} why={t("define.repeat_rate")} />
        <Felt emotion={walked.emotion} />
        <Kpis kpis={walked.kpis} />
        <Told name={t("frame.first_seen")} value={walked.first_seen && date(walked.first_seen)} />
        <Told name={t("frame.last_seen")} value={walked.last_seen && date(walked.last_seen)} />
      </Facts>
    </>
  );
}

export function FindingPanel({ map, id, open }: Props) {
  const { t, text, number } = useWords();
  const finding = map.findings.find((each) => each.id === id);
  if (!finding) return <NotFound />;
  const stage = map.journey.stages?.find((each) => each.id === finding.stage);
  const place = stage?.touchpoints?.find((each) => each.id === finding.touchpoint);
  const lost = finding.outcome_lost;
  return (
    <PanelFrame kicker={t(`frame.${finding.polarity}`)} title={finding.title} close={() => open(null)}>
      <Facts>
        {stage && (
          <Linked
            name={t("frame.stage")}
            value={text(stage.name)}
            follow={() => open({ kind: "stage", id: stage.id })}
          />
        )}
        {place && (
          <Linked
            name={t("frame.touchpoint")}
            value={text(place.name)}
            follow={() => open({ kind: "touchpoint", id: place.id })}
          />
        )}
        <Fact name={t("frame.customers")} value={finding.customers} kind="integer" />
        <Fact name={t("frame.reach")} value={finding.share} kind="share" />
        <Fact name={t("frame.severity")} value={finding.severity} kind="share" />
        <Fact name={t("frame.confidence")} value={finding.confidence} kind="share" />
        {lost && lost.value !== null && (
          <Told
            name={t("frame.outcome_lost")}
            value={`${number(lost.value, "decimal")} (${t("line.estimate", { low: number(lost.low, "decimal"), high: number(lost.high, "decimal"), n: lost.n })})`}
          />
        )}
      </Facts>
      <Accept finding={finding} map={map} open={open} />
      {finding.touchpoint && <Words map={map} touchpoints={[finding.touchpoint]} />}
    </PanelFrame>
  );
}

/** Takes a finding onto the map, or leads to the card that rests on it. */
function Accept({ finding, map, open }: { finding: Finding; map: LivingMap; open: Props["open"] }) {
  const { t, language } = useWords();
  const editor = useMayEdit();
  const card = cardOn(map.journey, "finding", finding.id);
  if (card) {
    return (
      <Button size="compact-sm" variant="subtle" mt="sm" onClick={() => open({ kind: "card", id: card.id })}>
        {t("edit.is_on_the_map")}
      </Button>
    );
  }
  if (!editor) return null;
  const accept = () => editor.change(findingCard(finding, placeOfFinding(finding), language));
  return (
    <Button size="xs" variant="light" mt="sm" onClick={accept}>
      {t("edit.put_on_the_map")}
    </Button>
  );
}

export function CardPanel({ map, id, open }: Props) {
  const { t, text, has } = useWords();
  const editor = useMayEdit();
  const stage = map.journey.stages?.find((each) => each.cards?.some((card) => card.id === id));
  const card = stage?.cards?.find((each) => each.id === id);
  if (!stage || !card) return <NotFound />;
  const seen = map.cards.find((each) => each.id === id);
  const lane = map.journey.lanes?.find((each) => each.id === card.lane);
  const places = (map.journey.stages ?? []).flatMap((each) => each.touchpoints ?? []);
  const place = places.find((each) => each.id === card.touchpoint);
  const kicker = lane ? text(lane.name) : has(`lane.${card.lane}`) ? t(`lane.${card.lane}`) : card.lane;
  return (
    <PanelFrame
      kicker={kicker}
      title={text(card.text)}
      edit={{ at: ["card", id, "text"], text: card.text }}
      close={() => open(null)}
    >
      {seen && <VerdictLine verdict={seen.verdict} reason={seen.reason} />}
      <Facts>
        <Linked name={t("frame.stage")} value={text(stage.name)} follow={() => open({ kind: "stage", id: stage.id })} />
        {place && !editor && (
          <Linked
            name={t("frame.touchpoint")}
            value={text(place.name)}
            follow={() => open({ kind: "touchpoint", id: place.id })}
          />
        )}
        {editor && (
          <ChoiceFact
            name={t("frame.touchpoint")}
            at={["card", id, "touchpoint"]}
            value={card.touchpoint}
            choices={named(places, text)}
            none={t("edit.none")}
          />
        )}
        <ChoiceFact
          name={t("frame.persona")}
          at={["card", id, "persona"]}
          value={card.persona}
          choices={named(map.journey.personas ?? [], text)}
          none={t("frame.everyone")}
        />
        <ChoiceFact
          name={t("frame.feeling")}
          at={["card", id, "feeling"]}
          value={card.feeling}
          choices={FEELINGS.map((feeling) => ({ value: feeling, label: t(`feeling.${feeling}`) }))}
          none={t("edit.none")}
        />
      </Facts>
      <Evidence card={card} map={map} open={open} />
      {place && <Words map={map} touchpoints={[place.id]} />}
      <Remove part="card" id={id} open={open} />
    </PanelFrame>
  );
}

const named = (parts: { id: string; name: Text }[], text: (text: Text) => string) =>
  parts.map(({ id, name }) => ({ value: id, label: text(name) }));

function Remove({ part, id, open }: { part: Listed; id: string; open: (next: null) => void }) {
  const { t } = useWords();
  const editor = useMayEdit();
  if (!editor) return null;
  const remove = () => {
    open(null);
    editor.change([{ op: "remove", part, id }]);
  };
  return (
    <Button variant="subtle" color="red" size="compact-sm" mt="lg" onClick={remove}>
      {t("edit.remove")}
    </Button>
  );
}

function FindingList({ findings, open }: { findings: Finding[]; open: (next: Opened) => void }) {
  const { t } = useWords();
  if (!findings.length) return null;
  return (
    <section>
      <h3>{t("frame.findings")}</h3>
      <ul className="panel-list">
        {findings.map((finding) => (
          <li key={finding.id}>
            <button type="button" className="plain link" onClick={() => open({ kind: "finding", id: finding.id })}>
              <span className={`dot ${finding.polarity}`} aria-hidden /> {finding.title}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface StepsProps {
  map: LivingMap;
  id: string;
  direction: "from" | "to";
  open: (next: Opened) => void;
}

/** The steps most walked into this touchpoint, or out of it. */
function Steps({ map, id, direction, open }: StepsProps) {
  const { t, text } = useWords();
  const [here, there] = direction === "from" ? (["to", "from"] as const) : (["from", "to"] as const);
  const names = new Map(map.journey.stages?.flatMap((s) => s.touchpoints ?? []).map((p) => [p.id, text(p.name)]));
  const steps = map.touchpoint_transitions
    .filter((step) => step[here] === id)
    .sort((a, b) => b.cases - a.cases)
    .slice(0, FIRST_STEPS);
  if (!steps.length) return null;
  return (
    <section>
      <h3>{t(direction === "from" ? "studio.where_from" : "studio.where_to")}</h3>
      <ul className="panel-list">
        {steps.map((step) => {
          const [source, target] = [names.get(step.from) ?? step.from, names.get(step.to) ?? step.to];
          const params = { source, target, share: step.cases / map.cases, median: step.median_s };
          return (
            <li key={step[there]}>
              <button
                type="button"
                className="plain link"
                onClick={() => open({ kind: "touchpoint", id: step[there] })}
              >
                {t(step.median_s === null ? "line.step_untimed" : "line.step", params)}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** What customers said here, masked by the server. */
function Words({ map, touchpoints }: { map: LivingMap; touchpoints: string[] }) {
  const { t, date, number, has } = useWords();
  const editor = useMayEdit();
  const stageOf = (touchpoint: string) =>
    map.journey.stages?.find((stage) => stage.touchpoints?.some((place) => place.id === touchpoint))?.id;
  const words = map.verbatims.filter((verbatim) => touchpoints.includes(verbatim.touchpoint));
  if (!words.length) return null;
  return (
    <section>
      <h3>{t("studio.words")}</h3>
      <ul className="panel-list">
        {words.map((verbatim) => (
          <li key={verbatim.id}>
            <blockquote className={tone(verbatim.emotion)} dir="auto">
              {verbatim.text}
            </blockquote>
            <p className="quiet">
              {[
                number(verbatim.emotion, "score"),
                has(`feedback.${verbatim.kind}`) ? t(`feedback.${verbatim.kind}`) : verbatim.kind,
                verbatim.at && date(verbatim.at),
              ]
                .filter(Boolean)
                .join(" · ")}
              {editor && stageOf(verbatim.touchpoint) && !cardOn(map.journey, "verbatim", verbatim.id) && (
                <>
                  {" · "}
                  <button
                    type="button"
                    className="plain link"
                    onClick={() => editor.change(verbatimCard(verbatim, stageOf(verbatim.touchpoint) ?? ""))}
                  >
                    {t("edit.put_on_the_map")}
                  </button>
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
