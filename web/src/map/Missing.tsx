// What customers do that nobody drew: taken onto the map as a touchpoint with one click.
import { Button, Title } from "@mantine/core";
import type { LivingMap } from "../api/map";
import { eventTouchpoint } from "../edit/accept";
import { useMayEdit } from "../edit/useEditor";
import { useWords } from "../i18n";

export function Missing({ map }: { map: LivingMap }) {
  const { t, text } = useWords();
  const editor = useMayEdit();
  const stages = map.journey.stages ?? [];
  const drawn = new Set(
    stages
      .flatMap((stage) => stage.touchpoints ?? [])
      .flatMap((place) => place.match?.flatMap((rule) => rule.event ?? []) ?? []),
  );
  const missing = map.conformance.missing_from_map.filter(({ event }) => !drawn.has(event));
  if (!missing.length) return null;
  return (
    <section className="missing">
      <Title order={2} size="h5">
        {t("frame.missing_from_map")}
      </Title>
      <ul>
        {missing.map((one) => {
          const stage = stages.find((each) => each.id === one.suggested_stage) ?? stages[0];
          return (
            <li key={one.event}>
              <code>{one.event}</code>
              <span className="quiet">{t("line.reach", { share: one.share })}</span>
              {editor && stage && (
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={`${one.event}: ${t("edit.add_to_stage", { stage: text(stage.name) })}`}
                  onClick={() => editor.change(eventTouchpoint(one, stage.id))}
                >
                  {t("edit.add_to_stage", { stage: text(stage.name) })}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
