// How one looks at a map, which is nobody else's business: kept in this browser, by journey.
import { useLocalStorage } from "@mantine/hooks";
import type { Verdict } from "../api/map";

export type Fit = "width" | "whole";

export interface Looks {
  hidden: string[]; // lanes
  stages: string[]; // hidden ones
  asked: string[]; // lanes that are empty and shown nevertheless
  fit: Fit | null;
  verdict: Verdict | null; // everything else is dimmed
}

const UNTOUCHED: Looks = { hidden: [], stages: [], asked: [], fit: null, verdict: null };

export const looksOf = ({ hidden, stages, asked, fit, verdict }: Looks): Looks => {
  return { hidden, stages, asked, fit, verdict };
};

export interface View extends Looks {
  toggleLane: (id: string, shown: boolean, empty: boolean) => void;
  toggleStage: (id: string) => void;
  toggleFit: (fit: Fit) => void;
  look: (looks: Looks) => void;
  toggleVerdict: (verdict: Verdict) => void;
}

export function useView(journey: string): View {
  const [kept, look] = useLocalStorage<Looks>({
    key: `desirepath.view.${journey}`,
    defaultValue: UNTOUCHED,
    getInitialValueInEffect: false,
  });
  const looks = { ...UNTOUCHED, ...kept };
  return {
    ...looks,
    look,
    toggleLane: (id, shown, empty) => {
      const without = (ids: string[]) => ids.filter((lane) => lane !== id);
      const [hidden, asked] = [without(looks.hidden), without(looks.asked)];
      look({ ...looks, hidden: shown ? hidden : [...hidden, id], asked: shown && empty ? [...asked, id] : asked });
    },
    toggleStage: (id) => {
      const others = looks.stages.filter((stage) => stage !== id);
      look({ ...looks, stages: others.length < looks.stages.length ? others : [...others, id] });
    },
    toggleFit: (fit) => look({ ...looks, fit: looks.fit === fit ? null : fit }),
    toggleVerdict: (verdict) => look({ ...looks, verdict: looks.verdict === verdict ? null : verdict }),
  };
}
