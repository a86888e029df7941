// Folders of the server that are looked into by themselves. An admin says which; an editor may look at once.
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useAddWatch, useChangeWatch, useRemoveWatch, useRunWatch, useWatches, type Watch } from "../api/evidence";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import { Box } from "../ui/Page";
import { Sure } from "../ui/Sure";
import { JobRun } from "./JobRun";

const EVERY = [15, 60, 360, 1440]; // minutes

function useEvery() {
  const { t } = useWords();
  return (minutes: number) =>
    minutes % 60 ? t("watch.minutes", { n: minutes }) : t("watch.hours", { n: minutes / 60 });
}

export function Watches({ admin, editor }: { admin: boolean; editor: boolean }) {
  const { t } = useWords();
  const watches = useWatches();
  if (!admin && !watches.data?.length) return null;
  return (
    <Box title={t("watch.title")} why={t("watch.why")}>
      {admin && <Add />}
      <Failure error={watches.error} />
      <ul className="rows">
        {watches.data?.length === 0 && <li className="quiet">{t("watch.none")}</li>}
        {watches.data?.map((watch) => (
          <li key={watch.id}>
            <Row watch={watch} admin={admin} editor={editor} />
          </li>
        ))}
      </ul>
    </Box>
  );
}

function Add() {
  const { t } = useWords();
  const every = useEvery();
  const [folder, setFolder] = useState("");
  const [minutes, setMinutes] = useState(60);
  const add = useAddWatch();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ folder: folder.trim(), every_minutes: minutes }, { onSuccess: () => setFolder("") });
  };
  return (
    <form className="box-body" onSubmit={submit}>
      <div className="fields">
        <TextInput
          label={t("watch.folder")}
          required
          value={folder}
          onChange={(event) => setFolder(event.currentTarget.value)}
        />
        <NativeSelect
          label={t("watch.every")}
          value={String(minutes)}
          onChange={(event) => setMinutes(Number(event.currentTarget.value))}
          data={EVERY.map((each) => ({ value: String(each), label: every(each) }))}
        />
        <Button type="submit" variant="default" loading={add.isPending}>
          {t("watch.add")}
        </Button>
      </div>
      <Failure error={add.error} />
    </form>
  );
}

function Row({ watch, admin, editor }: { watch: Watch; admin: boolean; editor: boolean }) {
  const { t, moment } = useWords();
  const every = useEvery();
  const change = useChangeWatch();
  const remove = useRemoveWatch();
  const run = useRunWatch();
  const facts = [
    `${t("watch.every")} ${every(watch.every_minutes)}`,
    watch.paused ? t("watch.paused") : t("watch.due", { at: moment(watch.due) }),
    watch.last && t("watch.last", { state: t(`job.${watch.last.state}`) }),
  ].filter(Boolean);
  return (
    <>
      <div className="grow">
        <strong>{watch.folder}</strong>
        <div className="quiet">{facts.join(" · ")}</div>
        {watch.last?.problem && <div className="stale">{watch.last.problem.detail}</div>}
      </div>
      {editor && (
        <Button size="compact-xs" variant="default" loading={run.isPending} onClick={() => run.mutate(watch.id)}>
          {t("watch.now")}
        </Button>
      )}
      {admin && (
        <>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            loading={change.isPending}
            onClick={() => change.mutate({ id: watch.id, paused: !watch.paused })}
          >
            {t(watch.paused ? "watch.resume" : "watch.pause")}
          </Button>
          <Sure
            label={t("settings.remove")}
            about={watch.folder}
            busy={remove.isPending}
            act={() => remove.mutate(watch.id)}
          />
        </>
      )}
      <Failure error={change.error ?? remove.error ?? run.error} />
      {run.data && (
        <div className="grow" style={{ flexBasis: "100%" }}>
          <JobRun key={run.data.id} begun={run.data} />
        </div>
      )}
    </>
  );
}
