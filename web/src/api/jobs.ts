// Work in the background: how far it is, what came of it, stopping it (route jobs).
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useChange } from "./change";
import { request } from "./client";

export interface Job {
  id: number;
  kind: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  what: string | null;
  done: number | null;
  total: number | null;
  result: Record<string, unknown> | null;
  problem: { detail: string; hint?: string | null; where?: string | null } | null;
  author: string | null;
  created: string;
  finished: string | null;
}

export const over = (job: Job) => job.state !== "waiting" && job.state !== "running";

const EVERY = 400; // ms between two looks at work under way

/** A job as it goes on. When it is done, everything that evidence is behind is read anew. */
export function useJob(begun: Job | null) {
  const client = useQueryClient();
  const job = useQuery({
    queryKey: ["job", begun?.id],
    queryFn: () => request<Job>("GET", `/jobs/${begun?.id}`),
    enabled: begun !== null,
    initialData: begun ?? undefined,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && over(state.data) ? false : EVERY),
  });
  const done = job.data?.state === "done" && job.data.kind !== "check";
  useEffect(() => {
    if (done)
      client.invalidateQueries({
        predicate: ({ queryKey }) => !["session", "job", "preview"].includes(String(queryKey[0])),
      });
  }, [done, client]);
  return job.data ?? null;
}

export function useCancel() {
  return useChange((id: number) => request<Job>("POST", `/jobs/${id}/cancel`), ["job"]);
}
