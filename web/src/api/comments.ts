// What people say to each other about a journey and its parts.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useChange } from "./change";
import { request } from "./client";
import { listen } from "./live";

export interface Comment {
  id: number;
  journey: string;
  at: string | null; // the id of a part; null: the whole journey
  reply_to: number | null;
  text: string;
  user: number;
  author: string;
  mentions: number[];
  created: string;
  edited: string | null;
  resolved: string | null;
  removed: string | null;
}

const commentsOn = (journey: string) => ["comments", journey];
const MENTIONS = ["mentions"];

/** All of a journey, kept up to date as others write. */
export function useComments(journey: string) {
  const client = useQueryClient();
  useEffect(
    () => listen("comment", () => client.invalidateQueries({ queryKey: commentsOn(journey) })),
    [client, journey],
  );
  return useQuery({
    queryKey: commentsOn(journey),
    queryFn: () => request<Comment[]>("GET", `/journeys/${journey}/comments`),
  });
}

export const useComment = (journey: string) =>
  useChange(
    (body: { text: string; at: string; reply_to: number | null; mentions: number[] }) =>
      request<Comment>("POST", `/journeys/${journey}/comments`, { body }),
    commentsOn(journey),
  );

export const useSettle = (journey: string) =>
  useChange(
    ({ id, resolved }: { id: number; resolved: boolean }) =>
      request("PATCH", `/journeys/${journey}/comments/${id}`, { body: { resolved } }),
    commentsOn(journey),
  );

export const useRemoveComment = (journey: string) =>
  useChange((id: number) => request("DELETE", `/journeys/${journey}/comments/${id}`), commentsOn(journey));

export const useMentions = () =>
  useQuery({
    queryKey: MENTIONS,
    queryFn: () => request<{ comment: Comment; seen: string | null }[]>("GET", "/mentions"),
  });

export const useSaw = () =>
  useChange((comments: number[]) => request("POST", "/mentions/seen", { body: { comments } }), MENTIONS);
