// How large the map is drawn: as it reads best, as wide as the window, or wholly in sight. W and F do the same.
import { ActionIcon, Tooltip } from "@mantine/core";
import { useEffect } from "react";
import { useWords } from "../i18n";
import { useForm } from "./scope";
import { useNarrow } from "./useNarrow";
import type { Fit, View } from "./view";

const KEYS: Record<Fit, string> = { width: "w", whole: "f" };
const SIGNS: Record<Fit, string> = {
  width: "M3 5v14M21 5v14M7 12h10M10 9l-3 3 3 3M14 9l3 3-3 3",
  whole: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5M9 9h6v6H9z",
};

export function Zoom({ view }: { view: View }) {
  const { t } = useWords();
  const { form } = useForm();
  const narrow = useNarrow();
  const able: Fit[] = form === "timeline" ? ["whole"] : form === "matrix" && narrow ? [] : ["width", "whole"];
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const busy =
        event.target instanceof Element && event.target.closest("input, textarea, select, [role=dialog], [role=menu]");
      if (busy || event.ctrlKey || event.metaKey || event.altKey) return;
      const fit = able.find((each) => KEYS[each] === event.key.toLowerCase());
      if (fit) view.toggleFit(fit);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  });
  return able.map((fit) => (
    <Tooltip key={fit} label={`${t(`studio.fit_${fit}`)} (${KEYS[fit].toUpperCase()})`} withArrow>
      <ActionIcon
        variant={view.fit === fit ? "light" : "subtle"}
        color={view.fit === fit ? undefined : "gray"}
        aria-label={t(`studio.fit_${fit}`)}
        aria-pressed={view.fit === fit}
        aria-keyshortcuts={KEYS[fit].toUpperCase()}
        onClick={() => view.toggleFit(fit)}
      >
        <svg viewBox="0 0 24 24" width="17" height="17" fill="none" stroke="currentColor" strokeWidth="2" aria-hidden>
          <path d={SIGNS[fit]} strokeLinecap="round" strokeLinejoin="round" />
        </svg>
      </ActionIcon>
    </Tooltip>
  ));
}
