// What customers talk about and no card says: a theme becomes a card with one click, or where it is put down. The themes
// are asked for when one comes to look at them.
import { Button, Title } from "@mantine/core";
import { useInViewport } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import type { Journey } from "../api/journey";
import { type Theme, themesAt } from "../api/voice";
import { cardOn, placeOfTheme, themeCard } from "../edit/accept";
import { useMovable } from "../edit/Dragging";
import { useMayEdit } from "../edit/useEditor";
import { useWords } from "../i18n";
import { Feeling } from "../voice/Feeling";
import { languageName } from "../voice/languages";
import { lanesOf, nameOf } from "./lanes";

const FIRST = 5;
const hurts = ({ lane }: Theme) => lane === "pain_points";

export function Talked({ journey }: { journey: Journey }) {
  const { t } = useWords();
  const { ref, inViewport } = useInViewport();
  const [all, showAll] = useState(false);
  const themes = useQuery({ ...themesAt(journey.id), enabled: inViewport });
  const left = (themes.data ?? []).filter((theme) => !cardOn(journey, "theme", theme.id));
  const found = [...left.filter(hurts), ...left.filter((theme) => !hurts(theme))];
  return (
    <section ref={ref} className="missing talked" aria-busy={themes.isFetching}>
      {found.length > 0 && (
        <>
          <Title order={2} size="h5">
            {t("edit.talked_about")}
          </Title>
          <ul>
            {(all ? found : found.slice(0, FIRST)).map((theme) => (
              <li key={theme.id}>
                <Suggested theme={theme} journey={journey} />
              </li>
            ))}
          </ul>
          {found.length > FIRST && (
            <button type="button" className="plain quiet" aria-expanded={all} onClick={() => showAll(!all)}>
              {all ? t("studio.fewer") : t("studio.more", { n: found.length - FIRST })}
            </button>
          )}
        </>
      )}
    </section>
  );
}

function Suggested({ theme, journey }: { theme: Theme; journey: Journey }) {
  const { t, text, language } = useWords();
  const editor = useMayEdit();
  const place = placeOfTheme(theme, journey);
  const stage = journey.stages?.find(({ id }) => id === place?.stage);
  const lane = lanesOf(journey, null).find(({ id }) => id === theme.lane);
  const where = stage && lane && t("edit.add_to", { lane: nameOf(lane, t, text), stage: text(stage.name) });
  return (
    <>
      {editor && place ? <Handle theme={theme} journey={journey} start={place} /> : <b>{theme.name}</b>}
      <span className="quiet">
        {languageName(theme.language, language) ?? theme.language} ·{" "}
        <Link to={`/voice/words?theme=${encodeURIComponent(theme.id)}`}>{t("voice.texts", { n: theme.size })}</Link>
      </span>
      <Feeling score={theme.emotion} />
      {editor && place && where && (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`${theme.name}: ${where}`}
          onClick={() => editor.change(themeCard(theme, journey, place))}
        >
          {where}
        </Button>
      )}
    </>
  );
}

/** Dragged to where it belongs, by mouse, finger or keyboard. */
function Handle({ theme, journey, start }: { theme: Theme; journey: Journey; start: ReturnType<typeof placeOfTheme> }) {
  const { ref, handle, moving } = useMovable({
    kind: "card",
    id: theme.id,
    label: theme.name,
    start: start ?? undefined,
    make: (place) => themeCard(theme, journey, place),
  });
  return (
    <button type="button" className={`plain item card${moving ? " moving" : ""}`} {...handle} ref={ref}>
      {theme.name}
    </button>
  );
}
