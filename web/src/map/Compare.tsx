// Two maps side by side: another part of the evidence, or another journey, such as what is to be beside what is.
import { Button, NativeSelect } from "@mantine/core";
import { useJourneys } from "../api/journey";
import { type LivingMap, useMap } from "../api/map";
import { MayEdit } from "../edit/useEditor";
import { useWords } from "../i18n";
import { Trouble } from "../ui/Trouble";
import { Waiting } from "../ui/Waiting";
import { Filters } from "./Filters";
import { Facts } from "./MapHead";
import { Matrix } from "./Matrix";
import { useBeside, useOpened, useScope } from "./scope";
import { useNarrow } from "./useNarrow";
import type { View } from "./view";

export function Compare({ map, view }: { map: LivingMap; view: View }) {
  const { t, text } = useWords();
  const { opened, open } = useOpened();
  const narrow = useNarrow();
  const fit = { ...view, fit: narrow ? null : ("width" as const) };
  return (
    <MayEdit value={null}>
      <div className="compare">
        <section aria-label={text(map.journey.title)}>
          <div className="compare-head">
            <b>{text(map.journey.title)}</b>
          </div>
          <Facts map={map} />
          <Matrix map={map} view={fit} opened={opened} open={open} />
        </section>
        <section aria-label={t("edit.beside")}>
          <Beside first={map} view={fit} />
        </section>
      </div>
    </MayEdit>
  );
}

function Beside({ first, view }: { first: LivingMap; view: View }) {
  const { t, text, language } = useWords();
  const { beside, setBeside } = useBeside();
  const { scope } = useScope("b.");
  const { open } = useOpened();
  const journeys = useJourneys();
  const map = useMap(beside ?? first.journey.id, scope, language);
  return (
    <>
      <div className="compare-head">
        <NativeSelect
          size="xs"
          aria-label={t("edit.beside")}
          value={beside ?? ""}
          onChange={(event) => setBeside(event.currentTarget.value)}
          data={(journeys.data ?? []).map(({ id, title, state }) => ({
            value: id,
            label: state === "to_be" ? `${text(title)} · ${t("frame.to_be")}` : text(title),
          }))}
        />
        {map.data && <Filters map={map.data} prefix="b." />}
        <Button size="xs" variant="subtle" onClick={() => setBeside(null)}>
          {t("edit.stop_comparing")}
        </Button>
      </div>
      {map.isPending && <Waiting />}
      {map.isError && <Trouble error={map.error} retry={map.refetch} />}
      {map.data && (
        <>
          <Facts map={map.data} />
          <Matrix
            map={map.data}
            view={view}
            opened={null}
            open={map.data.journey.id === first.journey.id ? open : () => {}}
          />
        </>
      )}
    </>
  );
}
