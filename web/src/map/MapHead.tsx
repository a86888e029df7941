// Title, goal and the few numbers that say what the map is about.
import { Button, Menu, Title } from "@mantine/core";
import { Link } from "react-router";
import { address } from "../api/client";
import type { Estimate, LivingMap } from "../api/map";
import { Editable } from "../edit/fields";
import { useMayEdit } from "../edit/useEditor";
import { useWords } from "../i18n";
import { Filters } from "./Filters";
import { useForm, useScope } from "./scope";

const FILES = ["html", "pdf", "png", "svg", "pptx", "xlsx", "md", "json"];

export function MapHead({ map }: { map: LivingMap }) {
  const { t, date } = useWords();
  const mayEdit = useMayEdit();
  const { data_from, data_to } = map.period;
  return (
    <header className="map-head">
      <div className="map-titles">
        <Title order={1} size="h2">
          <Editable
            at={["journey", map.journey.id, "title"]}
            text={map.journey.title}
            label={t("edit.title")}
            required
          />
        </Title>
        <p className="quiet">
          <Editable at={["journey", map.journey.id, "goal"]} text={map.journey.goal} label={t("frame.goal")} />
        </p>
        <p className="quiet">
          {[data_from && data_to && `${date(data_from)} – ${date(data_to)}`, map.journey.owner]
            .filter(Boolean)
            .join(" · ")}
          {map.journey.state === "to_be" && ` · ${t("frame.to_be")}`}
        </p>
      </div>
      <Facts map={map} />
      <div className="map-tools">
        <Filters map={map} />
        {mayEdit && (
          <Button variant="default" size="xs" component={Link} to={`/journeys/${map.journey.id}/share`}>
            {t("share.menu")}
          </Button>
        )}
        <Export journey={map.journey.id} />
      </div>
    </header>
  );
}

export function Facts({ map }: { map: LivingMap }) {
  const { t, number } = useWords();
  const share = (estimate: Estimate | null) => number(estimate?.value, "share");
  const facts: [string, string, string][] = [
    [t("frame.customers"), number(map.customers, "integer"), t("define.customers")],
    [t("frame.completed"), share(map.completed), t("define.completed")],
    [t("frame.following"), share(map.conformance.fitting_share), t("define.following")],
    [t("frame.emotion"), number(map.emotion.score, "score"), t("define.emotion")],
  ];
  if (map.kpis.nps)
    facts.push([t("kpi.nps"), number(map.kpis.nps.value, "points"), t("line.n", { n: map.kpis.nps.n })]);
  return (
    <dl className="facts">
      {facts.map(([name, value, why]) => (
        <div key={name} title={why}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Export({ journey }: { journey: string }) {
  const { t, language } = useWords();
  const { scope } = useScope();
  const { form } = useForm();
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button variant="default" size="xs">
          {t("studio.export")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FILES.map((ending) => (
          <Menu.Item
            key={ending}
            component="a"
            href={address(`/journeys/${journey}/map.${ending}`, { ...scope, language, form })}
            download
          >
            {ending.toUpperCase()}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
