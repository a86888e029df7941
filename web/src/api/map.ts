// The living map as the server sends it: docs/reference/map-json.md. Shares 0–1, seconds, emotion −2 … +2.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { request } from "./client";
import type { Journey } from "./journey";

export type Verdict = "supported" | "contradicted" | "no_data" | "stale";
export const VERDICTS: Verdict[] = ["supported", "contradicted", "stale", "no_data"];

export interface Estimate {
  value: number | null;
  low: number | null;
  high: number | null;
  n: number;
  unit?: string;
  withheld?: string;
}

export interface Emotion {
  score: number | null;
  low: number | null;
  high: number | null;
  n: number;
  n_eff: number;
  sources: Record<string, number>;
  assumed: Record<string, number>;
  withheld?: string;
  pooled?: number;
  pooled_low?: number;
  pooled_high?: number;
  everyone?: number;
  sampling_low?: number;
  sampling_high?: number;
}

export interface Wait {
  median_s: number | null;
  p90_s: number | null;
  n: number;
}

export interface StageView {
  id: string;
  name: string;
  entered: number;
  customers: number;
  continued: number;
  dropped: number;
  drop_rate: Estimate;
  dwell: Wait;
  emotion: Emotion;
  kpis: Record<string, Estimate>;
  verdict: Verdict;
  verdict_reason: string;
}

export interface TouchpointView {
  id: string;
  stage: string;
  name: string;
  channel: string | null;
  customers: number;
  cases: number;
  events: number;
  emotion: Emotion;
  wait_before: Wait;
  repeat_rate: Estimate;
  kpis: Record<string, Estimate>;
  verdict: Verdict;
  verdict_reason: string;
  first_seen: string | null;
  last_seen: string | null;
}

export interface Finding {
  id: string;
  kind: string;
  polarity: "pain" | "delight";
  stage: string;
  touchpoint: string | null;
  title: string;
  cases: number;
  customers: number;
  share: number;
  severity: number;
  outcome_lost: Estimate | null;
  confidence: number;
  evidence: {
    measure: string;
    value?: number | null;
    median_s?: number | null;
    low?: number | null;
    high?: number | null;
    n?: number;
    compared_with?: string;
    baseline?: number | null;
  }[];
}

export interface Verbatim {
  id: string;
  touchpoint: string;
  text: string;
  emotion: number | null;
  kind: string;
  source: string;
  at: string | null;
}

/** A number that somebody else computed. */
export interface Metric {
  metric: string;
  from: string;
  to: string; // until before
  stage: string | null;
  touchpoint: string | null;
  value: number;
  n: number | null;
  source: string;
}

export interface LivingMap {
  journey: Journey;
  period: { from: string | null; to: string | null; data_from: string | null; data_to: string | null };
  filters: Record<string, string[]>;
  persona: string | null;
  language: string;
  customers: number;
  cases: number;
  events: number;
  completed: Estimate | null;
  emotion: Emotion;
  kpis: Record<string, Estimate>;
  stages: StageView[];
  touchpoints: TouchpointView[];
  variants: { path: string[]; cases: number; share: number }[];
  touchpoint_transitions: { from: string; to: string; count: number; cases: number; median_s: number | null }[];
  conformance: {
    fitting_share: Estimate;
    missing_from_map: { event: string; cases: number; share: number; count: number; suggested_stage: string | null }[];
    never_walked: string[];
    verdicts: Record<Verdict, number>;
  };
  findings: Finding[];
  cards: { id: string; verdict: Verdict; reason: string }[];
  verbatims: Verbatim[];
  metrics: Metric[];
  notes: string[];
  min_n: number;
}

/** What part of the evidence a map is about; kept in the page's address. */
export interface Scope {
  from: string | null;
  to: string | null;
  where: string[];
  persona: string | null;
}

export function useMap(journey: string, scope: Scope, language: string) {
  return useQuery({
    queryKey: ["map", journey, scope, language],
    queryFn: () => request<LivingMap>("GET", `/journeys/${journey}/map`, { query: { ...scope, language } }),
    placeholderData: keepPreviousData,
  });
}
