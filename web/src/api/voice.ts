// What customers say: how it feels, what it is about, their own words, and teaching it (route voice).
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useChange } from "./change";
import { request } from "./client";

export interface Overview {
  feedback: number;
  about_us: number;
  languages: Record<string, number>;
  kinds: Record<string, number>;
  layers: Record<string, number>;
  emotion: number | null;
  states: Record<string, number>;
  feelings: Record<string, number>;
  contradictions: { n: number; ids: string[] };
  unusable_scores: number;
}

export interface Theme {
  id: string;
  language: string;
  name: string;
  size: number;
  share: number; // of the texts in its language
  emotion: number | null;
  growing: boolean;
  new: boolean;
  pinned: boolean;
  terms: string[];
  touchpoints: Record<string, number>; // where it is said, the most frequent first
  months: Record<string, number>;
  verbatims: string[];
  quoted: string[]; // the ids of these verbatims
  lane: string; // where a card made of it belongs
}

export interface Verbatim {
  id: string;
  text: string;
  source: string | null;
  kind: string | null;
  at: string | null;
  language: string | null;
  emotion: number | null;
  layer: string | null;
  touchpoint: string | null;
}

interface Measured {
  macro_f1: number;
  n?: number;
}

export interface Quality {
  language: string;
  texts: number;
  rated: number;
  layer: string;
  model: Measured | null;
  lexicon: Measured | null;
}

export interface Coverage {
  by: string;
  groups: { name: string; customers: number; heard: number; rate: number; emotion: number | null }[];
  plain: number | null;
  low: number | null;
  high: number | null;
  reweighted: number | null;
  unheard: number;
  turns: boolean; // re-weighting makes a difference
}

export interface Sought {
  id: string; // only this text
  search: string;
  state: string;
  kind: string;
  language: string;
  theme: string;
}

interface Found {
  total: number;
  verbatims: Verbatim[];
}

const VOICE = ["voice"];
const PAGE = 30; // texts at a time

export function useOverview() {
  return useQuery({ queryKey: [...VOICE, "overview"], queryFn: () => request<Overview>("GET", "/voice") });
}

export function useThemes() {
  return useQuery({ queryKey: [...VOICE, "themes"], queryFn: () => request<Theme[]>("GET", "/voice/themes") });
}

/** The themes, said at the touchpoints of a journey. */
export const themesAt = (journey: string) => ({
  queryKey: [...VOICE, "themes", journey],
  queryFn: () => request<Theme[]>("GET", "/voice/themes", { query: { journey } }),
  staleTime: 5 * 60_000,
});

export function useVerbatims(sought: Sought) {
  return useInfiniteQuery({
    queryKey: [...VOICE, "verbatims", sought],
    queryFn: ({ pageParam }) =>
      request<Found>("GET", "/voice/verbatims", {
        query: { ...sought, limit: String(PAGE), offset: String(pageParam) },
      }),
    initialPageParam: 0,
    getNextPageParam: ({ total }, pages) => (pages.length * PAGE < total ? pages.length * PAGE : null),
  });
}

/** The texts with these ids. */
export function useQuotes(ids: string[]) {
  return useQuery({
    queryKey: [...VOICE, "quotes", ids],
    queryFn: () => request<Found>("GET", "/voice/verbatims", { query: { id: ids, limit: "500" } }),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
  });
}

export function useQuality() {
  return useQuery({ queryKey: [...VOICE, "quality"], queryFn: () => request<Quality[]>("GET", "/voice/quality") });
}

export function useCoverage(by: string) {
  return useQuery({
    queryKey: [...VOICE, "coverage", by],
    queryFn: () => request<Coverage>("GET", "/voice/coverage", { query: { by } }),
    retry: false,
  });
}

export function useTeach() {
  return useQuery({
    queryKey: ["teach"],
    queryFn: () => request<Verbatim[]>("GET", "/voice/teach"),
    staleTime: Number.POSITIVE_INFINITY, // a batch is gone through before the next one is asked for
  });
}

export function useLabel() {
  return useChange((label: { id: string; emotion: number }) =>
    request("POST", "/voice/labels", { body: { labels: [label] } }),
  );
}

export function useUnlabel() {
  return useChange((id: string) => request("DELETE", `/voice/labels/${encodeURIComponent(id)}`));
}

export type ThemeChange = { action: "rename"; name: string } | { action: "merge"; into: string } | { action: "pin" };

export function useChangeTheme(id: string) {
  return useChange(
    (body: ThemeChange) => request<{ number: number }>("POST", `/voice/themes/${encodeURIComponent(id)}`, { body }),
    VOICE,
  );
}

export function useUndoTheme() {
  return useChange((number: number) => request("DELETE", `/voice/decisions/${number}`), VOICE);
}
