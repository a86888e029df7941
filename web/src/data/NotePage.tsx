// A quote, an interview note or an observation, typed in: on a phone beside the customer, too.
import { Alert, Button, NativeSelect, Stack, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import { useKeepNote } from "../api/evidence";
import { useJourney, useJourneys } from "../api/journey";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import { Page } from "../ui/Page";
import "./data.css";

const KINDS = ["observation", "interview", "review", "usability"];

export default function NotePage() {
  const { t, text: say } = useWords();
  const [text, setText] = useState("");
  const [kind, setKind] = useState("observation");
  const [journey, setJourney] = useState("");
  const [touchpoint, setTouchpoint] = useState("");
  const [customer, setCustomer] = useState("");
  const [day, setDay] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const journeys = useJourneys();
  const keep = useKeepNote();
  const chosen = journey || (journeys.data?.[0]?.id ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const note = {
      text,
      kind,
      ...(touchpoint && { touchpoint }),
      ...(customer && { customer }),
      ...(day && { at: `${day}T12:00:00Z` }),
    };
    keep.mutate(note, {
      onSuccess: () => {
        setText("");
        field.current?.focus();
      },
    });
  };
  return (
    <Page title={t("record.title")} why={t("record.why")}>
      <form className="box note" onSubmit={submit}>
        <Stack>
          <Textarea
            ref={field}
            label={t("record.text")}
            required
            autosize
            minRows={4}
            maxLength={20_000}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <NativeSelect
            label={t("record.kind")}
            value={kind}
            onChange={(event) => setKind(event.currentTarget.value)}
            data={KINDS.map((value) => ({ value, label: t(`record.kind.${value}`) }))}
          />
          {(journeys.data?.length ?? 0) > 1 && (
            <NativeSelect
              label={t("studio.journeys")}
              value={chosen}
              onChange={(event) => {
                setJourney(event.currentTarget.value);
                setTouchpoint("");
              }}
              data={journeys.data?.map(({ id, title }) => ({ value: id, label: say(title) }))}
            />
          )}
          {chosen && <Place key={chosen} journey={chosen} value={touchpoint} choose={setTouchpoint} />}
          <div className="fields">
            <TextInput
              label={t("record.customer")}
              value={customer}
              onChange={(event) => setCustomer(event.currentTarget.value)}
            />
            <TextInput
              type="date"
              label={t("record.day")}
              value={day}
              onChange={(event) => setDay(event.currentTarget.value)}
            />
          </div>
          <Failure error={keep.error} />
          {keep.data && !text && (
            <Alert color="green" role="status">
              {t(keep.data.id ? "record.kept" : "record.kept_soon")}
            </Alert>
          )}
          <Button type="submit" size="md" loading={keep.isPending}>
            {t("record.keep")}
          </Button>
        </Stack>
      </form>
    </Page>
  );
}

function Place({ journey, value, choose }: { journey: string; value: string; choose: (id: string) => void }) {
  const { t, text } = useWords();
  const { data } = useJourney(journey);
  const groups = (data?.document.stages ?? []).map((stage) => ({
    group: text(stage.name),
    items: (stage.touchpoints ?? []).map(({ id, name }) => ({ value: id, label: text(name) })),
  }));
  return (
    <NativeSelect
      label={t("record.touchpoint")}
      value={value}
      onChange={(event) => choose(event.currentTarget.value)}
      data={[{ value: "", label: t("record.nowhere") }, ...groups.filter(({ items }) => items.length)]}
    />
  );
}
