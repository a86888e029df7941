// A button for what cannot be taken back: asks once more, in its own place.
import { Button } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../i18n";

interface Props {
  label: string;
  about: string; // what it is done to, for those who do not see the row
  act: () => void;
  busy?: boolean;
}

export function Sure({ label, about, act, busy }: Props) {
  const { t } = useWords();
  const [asked, ask] = useState(false);
  return (
    <Button
      size="compact-xs"
      variant={asked ? "filled" : "subtle"}
      color={asked ? "red" : "gray"}
      loading={busy}
      aria-label={`${asked ? `${t("settings.sure")} ` : ""}${label}: ${about}`}
      onBlur={() => ask(false)}
      onClick={() => {
        if (asked) act();
        ask(!asked);
      }}
    >
      {asked ? t("settings.sure") : label}
    </Button>
  );
}
