// Views to come back to: a filter, a form and what is hidden, under a name; one's own, or shared with everybody here.
import { Button, Checkbox, CloseButton, Group, Popover, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useSearchParams } from "react-router";
import { type SavedView, useKeepView, useRemoveView, useViews } from "../api/views";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import { type Looks, looksOf } from "./view";

interface Props {
  journey: string;
  view: Looks & { look: (looks: Looks) => void };
  mayShare: boolean;
  mayRemove: boolean; // also what others share
}

export function SavedViews({ journey, view, mayShare, mayRemove }: Props) {
  const { t } = useWords();
  const [, setSearch] = useSearchParams();
  const [shown, show] = useState(false);
  const views = useViews(journey, shown);
  const go = ({ search, looks }: SavedView) => {
    setSearch(new URLSearchParams(search));
    view.look(looks);
    show(false);
  };
  return (
    <Popover opened={shown} onChange={show} position="bottom-end" shadow="md" width={300} trapFocus>
      <Popover.Target>
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => show(!shown)}>
          {t("edit.views")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Failure error={views.error} />
          {views.data?.map((each) => (
            <Row key={each.id} journey={journey} saved={each} go={() => go(each)} removable={each.mine || mayRemove} />
          ))}
          <Keep journey={journey} looks={looksOf(view)} mayShare={mayShare} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

interface RowProps {
  journey: string;
  saved: SavedView;
  go: () => void;
  removable: boolean;
}

function Row({ journey, saved, go, removable }: RowProps) {
  const { t } = useWords();
  const remove = useRemoveView(journey);
  const whose = saved.mine ? t("edit.view_shared") : t("edit.view_by", { name: saved.author });
  return (
    <>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Button variant="subtle" size="compact-sm" onClick={go} className="saved-view">
          {saved.name}
        </Button>
        {saved.shared && <span className="quiet">{whose}</span>}
        {removable && (
          <CloseButton
            size="sm"
            disabled={remove.isPending}
            aria-label={t("studio.remove", { what: saved.name })}
            onClick={() => remove.mutate(saved.id)}
          />
        )}
      </Group>
      <Failure error={remove.error} />
    </>
  );
}

function Keep({ journey, looks, mayShare }: { journey: string; looks: Looks; mayShare: boolean }) {
  const { t } = useWords();
  const [search] = useSearchParams();
  const [name, say] = useState("");
  const [shared, share] = useState(false);
  const keep = useKeepView(journey);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const asked = new URLSearchParams(search);
    asked.delete("open");
    keep.mutate({ name: name.trim(), shared, search: asked.toString(), looks }, { onSuccess: () => say("") });
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        size="xs"
        label={t("edit.save_view")}
        required
        maxLength={80}
        pattern=".*\S.*"
        value={name}
        onChange={(event) => say(event.currentTarget.value)}
      />
      {mayShare && (
        <Checkbox
          size="xs"
          mt="xs"
          label={t("edit.share_view")}
          checked={shared}
          onChange={(event) => share(event.currentTarget.checked)}
        />
      )}
      <Button type="submit" size="xs" mt="xs" variant="default" loading={keep.isPending}>
        {t("edit.keep")}
      </Button>
      <Failure error={keep.error} />
    </form>
  );
}
