// One journey of the portfolio. How it stands comes after the rest: it may have to be computed.
import { ActionIcon, Menu, Skeleton } from "@mantine/core";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { address } from "../api/client";
import { type JourneyEntry, useJourneys } from "../api/journey";
import { type Health, useHealth, useMakeJourney, useRemoveJourney } from "../api/portfolio";
import { reaches, useRole } from "../api/session";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import { Details } from "./Details";

export function Entry({ journey }: { journey: JourneyEntry }) {
  const { t, text } = useWords();
  const [setting, set] = useState(false);
  const all = useJourneys().data ?? [];
  const whole = all.find(({ id }) => id === journey.parent);
  const parts = all.filter(({ parent }) => parent === journey.id);
  const facts = [
    journey.owner,
    journey.market,
    t("studio.size_stages", { n: journey.stages }),
    t("studio.size_touchpoints", { n: journey.touchpoints }),
    journey.personas > 0 && t("portfolio.personas", { n: journey.personas }),
    t("studio.updated", { at: journey.updated }),
  ].filter(Boolean);
  return (
    <article className="entry">
      <div className="entry-head">
        <h2>
          <Link to={`/journeys/${journey.id}`}>{text(journey.title)}</Link>
        </h2>
        {journey.state === "to_be" && <span className="tag">{t("frame.to_be")}</span>}
        <More journey={journey} set={() => set(true)} />
      </div>
      <p className="quiet">{facts.join(" · ")}</p>
      {whole && <Related label={t("portfolio.part_of")} journeys={[whole]} />}
      {parts.length > 0 && <Related label={t("portfolio.parts")} journeys={parts} />}
      {setting && <Details journey={journey} done={() => set(false)} />}
      <Standing journey={journey.id} />
    </article>
  );
}

function Related({ label, journeys }: { label: string; journeys: JourneyEntry[] }) {
  const { text } = useWords();
  return (
    <p className="quiet related">
      {label}{" "}
      {journeys.map(({ id, title }) => (
        <Link key={id} to={`/journeys/${id}`}>
          {text(title)}
        </Link>
      ))}
    </p>
  );
}

function Standing({ journey }: { journey: string }) {
  const health = useHealth(journey);
  if (health.isError) return <Failure error={health.error} />;
  if (!health.data) return <Skeleton height={64} mt="xs" />;
  return <Facts journey={journey} health={health.data} />;
}

const ARROW = { better: "↗", worse: "↘", same: "→" };

/** Better or worse only where the intervals of the answers do not overlap: who does not answer is the same in both. */
function trend({ emotion: now, emotion_before: before }: Health): keyof typeof ARROW | null {
  if (now?.sampling_low == null || now.sampling_high == null) return null;
  if (before?.sampling_low == null || before.sampling_high == null) return null;
  if (now.sampling_low > before.sampling_high) return "better";
  return now.sampling_high < before.sampling_low ? "worse" : "same";
}

function Facts({ journey, health }: { journey: string; health: Health }) {
  const { t, text, number } = useWords();
  const { data_to, stale, emotion, worst, customers } = health;
  if (!data_to) return <p className="tag warn standing-none">{t("portfolio.no_data")}</p>;
  const way = trend(health);
  const params = Object.fromEntries(
    Object.entries(worst?.params ?? {}).map(([name, value]) => [name, typeof value === "object" ? text(value) : value]),
  );
  return (
    <>
      <dl className="standing">
        <div>
          <dt>{t("portfolio.lately")}</dt>
          <dd className={emotion?.score == null ? "" : emotion.score < 0 ? "tone-pain" : "tone-delight"}>
            {number(emotion?.score, "score")}
          </dd>
          {way && (
            <dd className="quiet" title={t("portfolio.trend_why")}>
              <span aria-hidden>{ARROW[way]}</span> {t(`portfolio.${way}`)}
            </dd>
          )}
        </div>
        <div className="worst">
          <dt>{t("portfolio.worst")}</dt>
          <dd>
            {worst?.polarity === "pain" ? (
              <Link className="tone-pain" to={`/journeys/${journey}?open=finding:${encodeURIComponent(worst.id)}`}>
                {t(`finding.${worst.kind}`, params)}
              </Link>
            ) : (
              t("portfolio.no_pain")
            )}
          </dd>
        </div>
      </dl>
      <p className="quiet">
        {t("portfolio.customers", { n: customers })} ·{" "}
        <span className={stale ? "stale" : ""}>
          {t(stale ? "portfolio.stale" : "portfolio.fresh", { at: data_to })}
        </span>
      </p>
    </>
  );
}

function More({ journey, set }: { journey: JourneyEntry; set: () => void }) {
  const { t, text } = useWords();
  const go = useNavigate();
  const editor = reaches(useRole(), "editor"); // who may make journeys
  const make = useMakeJourney();
  const draw = () =>
    make.mutate({ source: "journey", journey: journey.id }, { onSuccess: ({ id }) => go(`/journeys/${id}`) });
  const remove = useRemoveJourney();
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          loading={remove.isPending || make.isPending}
          aria-label={t("portfolio.more", { title: text(journey.title) })}
        >
          ⋯
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {reaches(journey.role, "editor") && <Menu.Item onClick={set}>{t("portfolio.details")}</Menu.Item>}
        {editor && journey.state === "as_is" && <Menu.Item onClick={draw}>{t("portfolio.draw_to_be")}</Menu.Item>}
        <Menu.Item onClick={() => go(`/journeys/${journey.id}/share`)}>{t("share.menu")}</Menu.Item>
        <Menu.Item onClick={() => go(`/journeys/${journey.id}/people`)}>{t("portfolio.people")}</Menu.Item>
        <Menu.Item component="a" href={address(`/journeys/${journey.id}/document.yaml`)} download>
          YAML
        </Menu.Item>
        <Menu.Item component="a" href={address(`/journeys/${journey.id}/document.md`)} download>
          Mermaid
        </Menu.Item>
        {reaches(journey.role, "owner") && (
          <Menu.Item
            className="tone-pain"
            onClick={() => confirm(`${t("portfolio.remove")}: ${text(journey.title)}?`) && remove.mutate(journey.id)}
          >
            {t("portfolio.remove")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
