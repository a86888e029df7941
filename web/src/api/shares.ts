// Links to one journey for people without an account, and the notes that come by them.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useChange } from "./change";
import { editId, request } from "./client";
import type { JourneyNow, Text } from "./journey";
import type { LivingMap, Scope } from "./map";

export type ShareKind = "map" | "notes";

export interface Share {
  id: number;
  kind: ShareKind;
  name: string; // for whom it is
  author: string | null;
  password: boolean;
  created: string;
  expires: string | null;
  revoked: string | null;
  used: string | null;
}

export interface NewShare {
  kind: ShareKind;
  name: string;
  password: string | null;
  expires: string | null;
}

export interface Sticky {
  id: number;
  text: string;
  name: string | null;
  stage: string | null;
  lane: string | null;
  created: string;
  card: string | null; // what it became
  dismissed: string | null;
}

/** What a link opens; while it is locked, nothing more is said. */
export interface Shared {
  kind: ShareKind;
  locked: boolean;
  title: Text | null;
  stages: { id: string; name: Text }[];
  lanes: { id: string; name: Text }[]; // the team's own
}

export const useShares = (journey: string) =>
  useQuery({
    queryKey: ["shares", journey],
    queryFn: () => request<Share[]>("GET", `/journeys/${journey}/shares`),
  });

export const useMakeShare = (journey: string) =>
  useChange(
    (body: NewShare) => request<{ share: Share; link: string }>("POST", `/journeys/${journey}/shares`, { body }),
    ["shares", journey],
  );

export const useRevokeShare = (journey: string) =>
  useChange((id: number) => request("DELETE", `/journeys/${journey}/shares/${id}`), ["shares", journey]);

export const useStickies = (journey: string) =>
  useQuery({
    queryKey: ["stickies", journey],
    queryFn: () => request<Sticky[]>("GET", `/journeys/${journey}/sticky-notes`),
    refetchInterval: 5_000, // a workshop is going on
  });

const settle = (journey: string, note: number, body: { card?: string; dismissed?: boolean }) =>
  request("PATCH", `/journeys/${journey}/sticky-notes/${note}`, { body });

export const useDismiss = (journey: string) =>
  useChange((note: number) => settle(journey, note, { dismissed: true }), ["stickies", journey]);

const holds = async (journey: string, card: string) => {
  const { document } = await request<JourneyNow>("GET", `/journeys/${journey}`);
  return (document.stages ?? []).some((stage) => stage.cards?.some(({ id }) => id === card));
};

/** A note becomes a card of a stage and lane, by an edit like any other. */
export const useMakeCard = (journey: string) =>
  useChange(
    async ({ note, stage, lane }: { note: Sticky; stage: string; lane: string }) => {
      const id = `note-${note.id}`;
      const op = { op: "add", part: "card", stage, value: { id, lane, text: note.text } };
      // It may be there already: somebody else was first, or the network went before the note was settled.
      if (!(await holds(journey, id)))
        await request("POST", `/journeys/${journey}/edits`, { body: { edit_id: editId(), ops: [op] } });
      await settle(journey, note.id, { card: id });
    },
    ["stickies", journey],
  );

export const useShared = (token: string) =>
  useQuery({ queryKey: ["shared", token], queryFn: () => request<Shared>("GET", `/shared/${token}`) });

export function useUnlock(token: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (password: string) => request("POST", `/shared/${token}/unlock`, { body: { password } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["shared", token] }),
  });
}

export const useSharedMap = (token: string, scope: Scope, language: string) =>
  useQuery({
    queryKey: ["shared", token, scope, language],
    queryFn: () => request<LivingMap>("GET", `/shared/${token}/map`, { query: { ...scope, language } }),
    placeholderData: keepPreviousData,
  });

export const useStick = (token: string) =>
  useMutation({
    mutationFn: (body: { text: string; name: string | null; stage: string | null; lane: string | null }) =>
      request<Sticky>("POST", `/shared/${token}/notes`, { body }),
  });
