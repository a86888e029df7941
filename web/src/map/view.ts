// How one looks at a map, which is nobody else's business: kept in this browser, by journey.
import { useLocalStorage } from "@mantine/hooks";
import type { Verdict } from "../api/map";

interface Looks {
  hidden: string[]; // lanes
  fit: boolean;
  verdict: Verdict | null; // everything else is dimmed
}

export interface View extends Looks {
  toggleLane: (id: string) => void;
  toggleFit: () => void;
  toggleVerdict: (verdict: Verdict) => void;
}

export function useView(journey: string): View {
  const [looks, look] = useLocalStorage<Looks>({
    key: `desirepath.view.${journey}`,
    defaultValue: { hidden: [], fit: false, verdict: null },
    getInitialValueInEffect: false,
  });
  const { hidden } = looks;
  return {
    ...looks,
    toggleLane: (id) =>
      look({ ...looks, hidden: hidden.includes(id) ? hidden.filter((lane) => lane !== id) : [...hidden, id] }),
    toggleFit: () => look({ ...looks, fit: !looks.fit }),
    toggleVerdict: (verdict) => look({ ...looks, verdict: looks.verdict === verdict ? null : verdict }),
  };
}
