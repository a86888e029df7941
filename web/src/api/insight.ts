// Deeper questions to a journey: who is behind a number, funnels, who comes back, what differs (route insight).
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { request } from "./client";
import type { Estimate } from "./map";

export interface Walk {
  id: string;
  customer: string | null;
  steps: { at: string; event: string; channel: string | null; touchpoint: string | null; stage: string | null }[];
}

export interface Funnel {
  steps: string[];
  by: string | null;
  groups: {
    value: string | null;
    cases: number;
    steps: { step: string; reached: number; share: Estimate; from_before: Estimate }[];
  }[];
}

export type Every = "day" | "week" | "four_weeks";

export interface Retention {
  every: Every;
  cohorts: { start: string; cases: number; kept: Estimate[] }[];
  overall: Estimate[];
  unfinished: boolean;
}

export interface Contrast {
  measure: string;
  stage: string | null;
  touchpoint: string | null;
  segment: string;
  value: number;
  n: number;
  other: number;
  other_n: number;
  difference: Estimate;
  p: number;
  differs: boolean;
}

export interface Comparison {
  by: string;
  segments: Record<string, { cases: number; customers: number; from: string | null; to: string | null }>;
  contrasts: Contrast[];
  notes: { key: string; params: Record<string, number | string> }[];
}

export type Compared = { by: string } | { before: string; after: string };

const PAGE = 10; // walks at a time
const kept = { retry: false, staleTime: 300_000 }; // they are dear

export function useWalks(journey: string, behind: Record<string, string>) {
  return useInfiniteQuery({
    queryKey: ["walks", journey, behind],
    queryFn: ({ pageParam }) =>
      request<{ walks: Walk[]; more: boolean }>("GET", `/journeys/${journey}/customers`, {
        query: { ...behind, limit: String(PAGE), offset: String(pageParam) },
      }),
    initialPageParam: 0,
    getNextPageParam: ({ more }, pages) => (more ? pages.length * PAGE : null),
    ...kept,
  });
}

export function useFunnel(journey: string, step: string[], by: string) {
  return useQuery({
    queryKey: ["funnel", journey, step, by],
    queryFn: () => request<Funnel>("GET", `/journeys/${journey}/funnel`, { query: { step, by } }),
    enabled: step.length > 1,
    ...kept,
  });
}

export function useRetention(journey: string, every: Every) {
  return useQuery({
    queryKey: ["retention", journey, every],
    queryFn: () => request<Retention>("GET", `/journeys/${journey}/retention`, { query: { every } }),
    ...kept,
  });
}

export function useComparison(journey: string, asked: Compared | null) {
  return useQuery({
    queryKey: ["compare", journey, asked],
    queryFn: () => request<Comparison>("GET", `/journeys/${journey}/compare`, { query: { ...asked } }),
    enabled: asked !== null,
    ...kept,
  });
}
