// The wall of a workshop, on a phone: a note, where it belongs, who it is from.
import { Button, NativeSelect, Textarea, TextInput, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { LANES } from "../api/journey";
import { type Shared, type Sticky, useStick } from "../api/shares";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";

const WRITTEN = LANES.filter((lane) => lane !== "touchpoints" && lane !== "owners" && lane !== "metrics");

export function Wall({ token, shared }: { token: string; shared: Shared }) {
  const { t, text } = useWords();
  const [note, setNote] = useState("");
  const [name, setName] = useState("");
  const [stage, setStage] = useState("");
  const [lane, setLane] = useState("");
  const [sent, setSent] = useState<Sticky[]>([]);
  const stick = useStick(token);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    stick.mutate(
      { text: note, name: name.trim() || null, stage: stage || null, lane: lane || null },
      {
        onSuccess: (kept) => {
          setSent((before) => [kept, ...before]);
          setNote("");
        },
      },
    );
  };
  return (
    <div className="wall">
      <Title order={1} size="h3">
        {shared.title && text(shared.title)}
      </Title>
      <form onSubmit={submit} className="wall-form">
        <Textarea
          label={t("share.note")}
          required
          autosize
          minRows={3}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <NativeSelect
          label={t("share.stage")}
          value={stage}
          onChange={(event) => setStage(event.currentTarget.value)}
          data={[
            { value: "", label: t("share.anywhere") },
            ...shared.stages.map(({ id, name: of }) => ({ value: id, label: text(of) })),
          ]}
        />
        <NativeSelect
          label={t("share.lane")}
          value={lane}
          onChange={(event) => setLane(event.currentTarget.value)}
          data={[
            { value: "", label: t("share.anything") },
            ...WRITTEN.map((id) => ({ value: id, label: t(`lane.${id}`) })),
            ...shared.lanes.map(({ id, name: of }) => ({ value: id, label: text(of) })),
          ]}
        />
        <TextInput
          label={t("share.your_name")}
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Failure error={stick.error} />
        <Button type="submit" loading={stick.isPending}>
          {t("share.stick")}
        </Button>
      </form>
      <ul className="stuck" aria-live="polite" aria-label={t("share.stuck")}>
        {sent.map(({ id, text: said }) => (
          <li key={id}>{said}</li>
        ))}
      </ul>
    </div>
  );
}
