// How one looks at a map, which is nobody else's business: kept in this browser, by journey.
import { useLocalStorage } from "@mantine/hooks";
import type { Verdict } from "../api/map";

export interface Looks {
  hidden: string[]; // lanes
  stages: string[]; // hidden ones
  asked: string[]; // lanes that are empty and shown nevertheless
  fit: boolean;
  verdict: Verdict | null; // everything else is dimmed
}

const UNTOUCHED: Looks = { hidden: [], stages: [], asked: [], fit: false, verdict: null };

export interface View extends Looks {
  toggleLane: (id: string, shown: boolean, empty: boolean) => void;
  toggleStage: (id: string) => void;
  toggleFit: () => void;
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
    toggleFit: () => look({ ...looks, fit: !looks.fit }),
    toggleVerdict: (verdict) => look({ ...looks, verdict: looks.verdict === verdict ? null : verdict }),
  };
}
