// The versions of a journey: what changed since each, keeping what stands as one, and going back to one.
import { Button, Group, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { request } from "../api/client";
import type { Journey } from "../api/journey";
import { useWords } from "../i18n";
import { PanelFrame } from "../map/Panel";
import { Trouble } from "../ui/Trouble";
import { bare } from "./bare";
import { Changes } from "./Changes";
import { useMayEdit } from "./useEditor";

interface Version {
  number: number;
  author: string | null;
  note: string | null;
  created: string;
}

export function History({ journey, close }: { journey: Journey; close: () => void }) {
  const { t } = useWords();
  const editor = useMayEdit();
  const versions = useQuery({
    queryKey: ["versions", journey.id],
    queryFn: () => request<Version[]>("GET", `/journeys/${journey.id}/versions`),
    staleTime: 0,
  });
  return (
    <PanelFrame kicker={t("edit.history")} title={t("edit.versions")} close={close}>
      {editor && <Keep journey={journey.id} />}
      {versions.isError && <Trouble error={versions.error} retry={versions.refetch} />}
      <ol className="versions">
        {versions.data?.toReversed().map((version) => (
          <li key={version.number}>
            <One version={version} journey={journey} />
          </li>
        ))}
      </ol>
    </PanelFrame>
  );
}

function Keep({ journey }: { journey: string }) {
  const { t } = useWords();
  const client = useQueryClient();
  const [note, say] = useState("");
  const keep = useMutation({
    mutationFn: () => request("POST", `/journeys/${journey}/versions`, { body: { note: note.trim() || null } }),
    onSuccess: () => {
      say("");
      return client.invalidateQueries({ queryKey: ["versions", journey] });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        keep.mutate();
      }}
    >
      <Group gap="xs" align="end" wrap="nowrap" mb="sm">
        <TextInput
          size="xs"
          style={{ flex: 1 }}
          label={t("edit.version_note")}
          value={note}
          onChange={(event) => say(event.currentTarget.value)}
        />
        <Button type="submit" size="xs" variant="default" loading={keep.isPending}>
          {t("edit.keep_version")}
        </Button>
      </Group>
      {keep.isError && <Trouble error={keep.error} />}
    </form>
  );
}

function One({ version, journey }: { version: Version; journey: Journey }) {
  const { t, moment } = useWords();
  const editor = useMayEdit();
  const client = useQueryClient();
  const [compared, compare] = useState(false);
  const restore = useMutation({
    mutationFn: () => request("POST", `/journeys/${journey.id}/versions/${version.number}/restore`),
    onSuccess: () => client.invalidateQueries({ queryKey: ["versions", journey.id] }),
  });
  return (
    <>
      <p>
        <b>{t("edit.version", { number: version.number })}</b>
        {version.note && ` – ${version.note}`}
      </p>
      <p className="quiet">{[moment(version.created), version.author].filter(Boolean).join(" · ")}</p>
      <Group gap="xs" mt={4}>
        <Button
          size="compact-xs"
          variant="default"
          aria-expanded={compared}
          aria-label={`${t("edit.changed_since")}: ${t("edit.version", { number: version.number })}`}
          onClick={() => compare(!compared)}
        >
          {t("edit.changed_since")}
        </Button>
        {editor && (
          <Button
            size="compact-xs"
            variant="default"
            loading={restore.isPending}
            aria-label={`${t("edit.restore")}: ${t("edit.version", { number: version.number })}`}
            onClick={() => restore.mutate()}
          >
            {t("edit.restore")}
          </Button>
        )}
      </Group>
      {restore.isError && <Trouble error={restore.error} />}
      {compared && <Since version={version.number} journey={journey} />}
    </>
  );
}

function Since({ version, journey }: { version: number; journey: Journey }) {
  const before = useQuery({
    queryKey: ["version", journey.id, version],
    queryFn: () => request<Journey>("GET", `/journeys/${journey.id}/versions/${version}`),
  });
  if (before.isError) return <Trouble error={before.error} />;
  return before.data ? <Changes before={bare(before.data)} after={journey} /> : null;
}
