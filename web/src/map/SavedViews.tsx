// Views to come back to: a filter, a form and what is hidden, under a name. Kept in this browser, by journey.
import { Button, CloseButton, Group, Popover, Stack, TextInput } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { useWords } from "../i18n";
import type { Looks, View } from "./view";

interface Saved {
  name: string;
  search: string;
  looks: Looks;
}

export function SavedViews({ journey, view }: { journey: string; view: View }) {
  const { t } = useWords();
  const [search, setSearch] = useSearchParams();
  const [name, say] = useState("");
  const [shown, show] = useState(false);
  const [saved, save] = useLocalStorage<Saved[]>({
    key: `desirepath.views.${journey}`,
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  const keep = () => {
    const asked = new URLSearchParams(search);
    asked.delete("open");
    const { hidden, stages, asked: lanes, fit, verdict } = view;
    const one = { name: name.trim(), search: asked.toString(), looks: { hidden, stages, asked: lanes, fit, verdict } };
    save([...saved.filter((each) => each.name !== one.name), one]);
    say("");
  };
  return (
    <Popover opened={shown} onChange={show} position="bottom-end" shadow="md" width={260} trapFocus>
      <Popover.Target>
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => show(!shown)}>
          {t("edit.views")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {saved.map((each) => (
            <Group key={each.name} justify="space-between" wrap="nowrap">
              <Button
                variant="subtle"
                size="compact-sm"
                onClick={() => {
                  setSearch(new URLSearchParams(each.search));
                  view.look(each.looks);
                  show(false);
                }}
              >
                {each.name}
              </Button>
              <CloseButton
                size="sm"
                aria-label={t("studio.remove", { what: each.name })}
                onClick={() => save(saved.filter((other) => other !== each))}
              />
            </Group>
          ))}
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (name.trim()) keep();
            }}
          >
            <TextInput
              size="xs"
              label={t("edit.save_view")}
              value={name}
              onChange={(event) => say(event.currentTarget.value)}
            />
            <Button type="submit" size="xs" mt="xs" variant="default">
              {t("edit.keep")}
            </Button>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
