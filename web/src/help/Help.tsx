// Help within reach of the keyboard on every page: the command menu (Ctrl-K) and the sheet of shortcuts (?).
import { Button } from "@mantine/core";
import { lazy, Suspense, useEffect, useState } from "react";
import { useWords } from "../i18n";

const CommandMenu = lazy(() => import("./CommandMenu"));
const Shortcuts = lazy(() => import("./Shortcuts"));
type Shown = "menu" | "shortcuts" | null;

export function Help() {
  const { t } = useWords();
  const [shown, show] = useState<Shown>(null);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const writing =
        event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") show("menu");
      else if (event.key === "?" && !writing) show("shortcuts");
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
  const close = () => show(null);
  return (
    <>
      <Button
        className="find"
        variant="default"
        size="compact-sm"
        aria-keyshortcuts="Control+K"
        onClick={() => show("menu")}
      >
        <svg width="14" height="14" viewBox="0 0 14 14" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden>
          <circle cx="6" cy="6" r="4.2" />
          <path d="m9.2 9.2 3.6 3.6" strokeLinecap="round" />
        </svg>
        <span className="find-words">{t("help.find")}</span> <kbd aria-hidden>Ctrl K</kbd>
      </Button>
      <Suspense>
        {shown === "menu" && <CommandMenu close={close} shortcuts={() => show("shortcuts")} />}
        {shown === "shortcuts" && <Shortcuts close={close} />}
      </Suspense>
    </>
  );
}
