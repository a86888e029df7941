// Whose a journey is, for which market, and of which other one it is a part.
import { Button, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type JourneyEntry, useJourneys } from "../api/journey";
import { type Facts, useSetFacts } from "../api/portfolio";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";

export function Details({ journey, done }: { journey: JourneyEntry; done: () => void }) {
  const { t, text } = useWords();
  const [was] = useState<Facts>({
    owner: journey.owner ?? null,
    market: journey.market ?? null,
    parent: journey.parent ?? null,
  });
  const [facts, set] = useState(was);
  const others = useJourneys().data?.filter(({ id }) => id !== journey.id) ?? [];
  const change = useSetFacts(journey.id, was);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(facts, { onSuccess: done });
  };
  return (
    <form className="details" onSubmit={submit} aria-label={t("portfolio.details")}>
      <Stack gap="xs">
        <TextInput
          size="xs"
          label={t("frame.owner")}
          value={facts.owner ?? ""}
          onChange={(event) => set({ ...facts, owner: event.currentTarget.value || null })}
        />
        <TextInput
          size="xs"
          label={t("portfolio.market")}
          value={facts.market ?? ""}
          onChange={(event) => set({ ...facts, market: event.currentTarget.value || null })}
        />
        <NativeSelect
          size="xs"
          label={t("portfolio.part_of")}
          value={facts.parent ?? ""}
          onChange={(event) => set({ ...facts, parent: event.currentTarget.value || null })}
          data={[
            { value: "", label: t("portfolio.no_parent") },
            ...others.map(({ id, title }) => ({ value: id, label: text(title) })),
          ]}
        />
        <Failure error={change.error} />
        <Group gap="xs">
          <Button type="submit" size="xs" loading={change.isPending}>
            {t("portfolio.keep")}
          </Button>
          <Button size="xs" variant="subtle" onClick={done}>
            {t("frame.close")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
