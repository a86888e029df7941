// A theme taken onto the map of a journey: the card goes to the stage where the theme is mostly said, in the lane that
// its feeling suggests, and can be taken back.
import { Button, NativeSelect } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useSearchParams } from "react-router";
import { useChange } from "../api/change";
import { editId, request } from "../api/client";
import { type JourneyEntry, type JourneyNow, useJourney, useJourneys } from "../api/journey";
import { reaches } from "../api/session";
import { type Theme, themesAt } from "../api/voice";
import { cardOn, placeOfTheme, themeCard } from "../edit/accept";
import type { Op } from "../edit/ops";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";

export interface Target {
  journeys: JourneyEntry[]; // those that one may edit
  id: string | undefined; // the one whose map is meant
  choose: (id: string) => void;
}

export function useTarget(): Target {
  const [search, setSearch] = useSearchParams();
  const journeys = (useJourneys().data ?? []).filter(({ role }) => reaches(role, "editor"));
  const asked = journeys.find(({ id }) => id === search.get("journey"));
  const choose = (id: string) => setSearch({ journey: id }, { replace: true });
  return { journeys, id: (asked ?? journeys[0])?.id, choose };
}

export function ChooseMap({ target: { journeys, id, choose } }: { target: Target }) {
  const { t, text } = useWords();
  if (journeys.length < 2) return null;
  return (
    <div className="fields filters">
      <NativeSelect
        size="xs"
        label={t("voice.map_of")}
        value={id}
        onChange={(event) => choose(event.currentTarget.value)}
        data={journeys.map((journey) => ({ value: journey.id, label: text(journey.title) }))}
      />
    </div>
  );
}

interface Done {
  inverse: Op[];
}

const edit = (journey: string, ops: Op[]) =>
  request<Done>("POST", `/journeys/${journey}/edits`, { body: { edit_id: editId(), ops } });

/** Puts a theme on the map as it stands on the server; gives what takes it back. */
function usePut(theme: Theme, journey: string) {
  const { t } = useWords();
  const client = useQueryClient();
  return useChange(
    async () => {
      const [now, themes] = await Promise.all([
        request<JourneyNow>("GET", `/journeys/${journey}`),
        client.fetchQuery(themesAt(journey)),
      ]);
      const placed = themes.find(({ id }) => id === theme.id) ?? theme;
      const place = placeOfTheme(placed, now.document);
      if (!place) throw new Error(t("studio.no_stages"));
      return edit(journey, themeCard(placed, now.document, place));
    },
    ["journey", journey],
    ["map", journey],
  );
}

export function OnMap({ theme, target }: { theme: Theme; target: Target }) {
  return target.id ? <On key={target.id} theme={theme} journey={target.id} /> : null;
}

function On({ theme, journey }: { theme: Theme; journey: string }) {
  const { t } = useWords();
  const document_ = useJourney(journey).data?.document;
  const put = usePut(theme, journey);
  const back = useChange((ops: Op[]) => edit(journey, ops), ["journey", journey], ["map", journey]);
  const card = document_ && cardOn(document_, "theme", theme.id);
  const failed = <Failure error={put.error ?? back.error} />;
  if (!card)
    return (
      <>
        <Button
          size="compact-xs"
          variant="light"
          loading={put.isPending}
          aria-label={`${t("edit.put_on_the_map")}: ${theme.name}`}
          onClick={() => put.mutate(undefined)}
        >
          {t("edit.put_on_the_map")}
        </Button>
        {failed}
      </>
    );
  return (
    <>
      <Link to={`/journeys/${journey}?open=card:${encodeURIComponent(card.id)}`}>{t("edit.is_on_the_map")}</Link>
      {put.data && (
        <Button
          size="compact-xs"
          variant="subtle"
          loading={back.isPending}
          aria-label={`${t("voice.undo")}: ${theme.name}`}
          onClick={() => back.mutate(put.data.inverse)}
        >
          {t("voice.undo")}
        </Button>
      )}
      {failed}
    </>
  );
}
