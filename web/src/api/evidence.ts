// Evidence: files on their way in, sources, what could not be read, notes by hand, watched folders
// (routes uploads, evidence and watches).
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useChange } from "./change";
import { request, send } from "./client";
import type { Job } from "./jobs";

export type Block = Record<string, unknown>; // of a mapping, as in its YAML

export interface FilePreview {
  name: string;
  format: string;
  size: number;
  columns: string[];
  rows: (string | null)[][];
  problem: string | null;
}

export interface Preview {
  files: FilePreview[];
  skipped: Record<string, string>;
  mapping: string; // YAML
  blocks: Block[];
  confidences: Record<string, number>;
  assumptions: string[];
  questions: string[];
}

export interface Source {
  name: string;
  imports: number;
  rows: number;
  quarantined: number;
  events: number;
  feedback: number;
  metrics: number;
  first: string | null;
  last: string | null;
  imported: string;
  stale: boolean;
}

/** What an import brought (src/desirepath/intake/summary.py). */
export interface Summary {
  rows: number;
  accepted: number;
  quarantined: number;
  reasons: Record<string, number>;
  cells: Record<string, number>;
  duplicates: number;
  events: number;
  feedback: number;
  metrics: number;
  customers: number;
  from: string | null;
  to: string | null;
  assumptions: string[];
  skipped_files: string[];
}

export interface Quarantined {
  source: string;
  file: string | null;
  line: number | null;
  column: string | null;
  value: string | null;
  reason: string;
  whole_row: boolean;
}

interface Quarantine {
  counts: { source: string; reason: string; whole_row: boolean; count: number }[];
  total: number;
  rows: Quarantined[];
}

export interface Note {
  text: string;
  kind: string;
  touchpoint?: string;
  customer?: string;
  at?: string;
  score?: number;
  scale?: string;
}

export interface Watch {
  id: number;
  folder: string;
  every_minutes: number;
  due: string;
  paused: boolean;
  last: Job | null;
}

type Mapping = string | Block[] | null;

const SOURCES = ["sources"];
const WATCHES = ["watches"];
const PAGE = 100; // quarantined rows at a time

/** Sends files together; gives the id of the upload. */
export async function upload(files: File[], told: (name: string) => void): Promise<string> {
  const { id } = await request<{ id: string }>("POST", "/uploads");
  for (const file of files) {
    told(file.name);
    await send(`/uploads/${id}/file`, { name: file.name }, file);
  }
  return id;
}

export function preview(id: string, mapping: Mapping): Promise<Preview> {
  return request("POST", `/uploads/${id}/preview`, { body: { mapping } });
}

export function bringIn(id: string, how: "check" | "import", mapping: Mapping): Promise<Job> {
  return request("POST", `/uploads/${id}/${how}`, { body: { mapping } });
}

export function giveUp(id: string): Promise<void> {
  return request("DELETE", `/uploads/${id}`);
}

export function useSources() {
  return useQuery({ queryKey: SOURCES, queryFn: () => request<Source[]>("GET", "/sources") });
}

/** With which mapping a source was last read. */
export function useMapping(source: string) {
  return useQuery({
    queryKey: ["mapping", source],
    queryFn: () => request<{ mapping: string | null }>("GET", "/mapping", { query: { source } }),
  });
}

export function useQuarantine(source: string | null) {
  return useInfiniteQuery({
    queryKey: ["quarantine", source],
    queryFn: ({ pageParam }) =>
      request<Quarantine>("GET", "/quarantine", {
        query: { source, limit: String(PAGE), offset: String(pageParam) },
      }),
    initialPageParam: 0,
    getNextPageParam: (page, all) => (page.rows.length === PAGE ? all.length * PAGE : null),
  });
}

export function replay(source: string, mapping: string): Promise<Job> {
  return request("POST", "/replays", { body: { source, mapping } });
}

export function useKeepNote() {
  return useChange((body: Note) => request<{ id: string | null }>("POST", "/notes", { body }), SOURCES, ["voice"]);
}

export function useWatches() {
  return useQuery({ queryKey: WATCHES, queryFn: () => request<Watch[]>("GET", "/watches") });
}

export function useAddWatch() {
  return useChange(
    (body: { folder: string; every_minutes: number }) => request<Watch>("POST", "/watches", { body }),
    WATCHES,
  );
}

export function useChangeWatch() {
  return useChange(
    ({ id, paused }: { id: number; paused: boolean }) => request("PATCH", `/watches/${id}`, { body: { paused } }),
    WATCHES,
  );
}

export function useRemoveWatch() {
  return useChange((id: number) => request("DELETE", `/watches/${id}`), WATCHES);
}

export function useRunWatch() {
  return useChange((id: number) => request<Job>("POST", `/watches/${id}/run`), WATCHES);
}
