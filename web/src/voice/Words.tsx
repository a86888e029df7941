// Customers' own words, masked: filtered and searched, the strongest feelings first.
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { type Sought, useOverview, useThemes, useVerbatims } from "../api/voice";
import { useWords } from "../i18n";
import { Trouble } from "../ui/Trouble";
import { Waiting } from "../ui/Waiting";
import { languageName } from "./languages";
import { Quote } from "./Quote";

const STATES = ["frustration", "indifference", "delight"];

export function Words() {
  const { t } = useWords();
  const [search, setSearch] = useSearchParams();
  const one = (name: keyof Sought) => search.get(name) ?? "";
  const sought: Sought = {
    id: one("id"),
    search: one("search"),
    state: one("state"),
    kind: one("kind"),
    language: one("language"),
    theme: one("theme"),
  };
  const set = (name: keyof Sought, value: string) =>
    setSearch(
      (before) => {
        value ? before.set(name, value) : before.delete(name);
        return before;
      },
      { replace: true },
    );
  const found = useVerbatims(sought);
  return (
    <>
      <Filters sought={sought} set={set} />
      {found.isPending && <Waiting />}
      {found.isError && <Trouble error={found.error} retry={found.refetch} />}
      {found.data && (
        <>
          <p className="quiet" role="status">
            {t("voice.texts", { n: found.data.pages[0]?.total ?? 0 })}
            {sought.id && (
              <>
                {" · "}
                <button type="button" className="plain link" onClick={() => set("id", "")}>
                  {t("voice.all_words")}
                </button>
              </>
            )}
          </p>
          <ul className="quotes">
            {found.data.pages
              .flatMap((page) => page.verbatims)
              .map((verbatim) => (
                <li key={verbatim.id}>
                  <Quote verbatim={verbatim} />
                </li>
              ))}
          </ul>
          {found.hasNextPage && (
            <Button variant="default" loading={found.isFetchingNextPage} onClick={() => found.fetchNextPage()}>
              {t("voice.more")}
            </Button>
          )}
        </>
      )}
    </>
  );
}

function Filters({ sought, set }: { sought: Sought; set: (name: keyof Sought, value: string) => void }) {
  const { t, has, language } = useWords();
  const [typed, type] = useState(sought.search);
  const seek = useDebouncedCallback((text: string) => set("search", text), 300);
  const overview = useOverview().data;
  const themes = useThemes().data ?? [];
  const choices: [keyof Sought, string, { value: string; label: string }[]][] = [
    ["state", t("voice.feels"), STATES.map((value) => ({ value, label: t(`voice.state.${value}`) }))],
    [
      "kind",
      t("voice.kinds"),
      Object.keys(overview?.kinds ?? {}).map((value) => ({
        value,
        label: has(`feedback.${value}`) ? t(`feedback.${value}`) : value,
      })),
    ],
    [
      "language",
      t("voice.languages"),
      Object.keys(overview?.languages ?? {})
        .filter((tag) => tag !== "unknown")
        .map((value) => ({ value, label: languageName(value, language) ?? value })),
    ],
    ["theme", t("voice.theme"), themes.map(({ id, name }) => ({ value: id, label: name }))],
  ];
  return (
    <div className="fields filters">
      <TextInput
        size="xs"
        type="search"
        label={t("voice.search")}
        value={typed}
        onChange={(event) => {
          type(event.currentTarget.value);
          seek(event.currentTarget.value.trim());
        }}
      />
      {choices.map(([name, label, data]) => (
        <NativeSelect
          key={name}
          size="xs"
          label={label}
          value={sought[name]}
          onChange={(event) => set(name, event.currentTarget.value)}
          data={[{ value: "", label: t("frame.all") }, ...data]}
        />
      ))}
    </div>
  );
}
