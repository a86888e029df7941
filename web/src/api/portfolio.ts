// The portfolio: how each journey stands, and where new ones come from (routes journeys and edits).
import { useQuery } from "@tanstack/react-query";
import { useChange } from "./change";
import { editId, request } from "./client";
import type { Job } from "./jobs";
import { JOURNEYS, type JourneyEntry, type Text } from "./journey";

export interface Felt {
  score: number | null;
  low: number | null;
  high: number | null;
  sampling_low: number | null; // of the answers alone
  sampling_high: number | null;
  n: number;
}

export interface Health {
  customers: number;
  data_to: string | null; // the last of the evidence
  stale: boolean;
  emotion: Felt | null; // of the last four weeks of data
  emotion_before: Felt | null; // of the four before them
  worst: {
    id: string;
    kind: string;
    polarity: "pain" | "delight";
    params: Record<string, Text | number | null>; // of its title
  } | null;
}

/** What the title page says of a journey; null takes a fact away. */
export interface Facts {
  owner: string | null;
  market: string | null;
  parent: string | null;
}

export interface Template {
  id: string;
  title: Text;
  stages: Text[];
}

export type NewJourney =
  | { source: "template"; template: string }
  | { source: "yaml" | "mermaid"; text: string }
  | { source: "journey"; journey: string }; // how that one should be

export function useHealth(journey: string) {
  return useQuery({
    queryKey: ["health", journey],
    queryFn: () => request<Health>("GET", `/journeys/${journey}/health`),
  });
}

/** Changes facts of a journey, as one edit of it; each `was` is what stood there when the change began. */
export function useSetFacts(journey: string, was: Facts) {
  return useChange((facts: Facts) => {
    const changed = (Object.keys(facts) as (keyof Facts)[]).filter((field) => facts[field] !== was[field]);
    const ops = changed.map((field) => ({
      op: "set",
      part: "journey",
      id: journey,
      field,
      value: facts[field],
      was: was[field],
    }));
    if (!ops.length) return Promise.resolve();
    return request<void>("POST", `/journeys/${journey}/edits`, { body: { edit_id: editId(), ops } });
  }, JOURNEYS);
}

export function useTemplates() {
  return useQuery({
    queryKey: ["templates"],
    queryFn: () => request<Template[]>("GET", "/templates"),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useMakeJourney() {
  return useChange((body: NewJourney) => request<JourneyEntry>("POST", "/journeys", { body }), JOURNEYS);
}

/** A journey drawn from the data alone, in the background. */
export function useDiscover() {
  return useChange(() => request<Job>("POST", "/discoveries"));
}

export function useRemoveJourney() {
  return useChange((id: string) => request("DELETE", `/journeys/${id}`), JOURNEYS);
}
