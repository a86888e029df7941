// Ways to look at a map, kept on the server under names (route views).
import { useQuery } from "@tanstack/react-query";
import type { Looks } from "../map/view";
import { useChange } from "./change";
import { request } from "./client";

export interface SavedView {
  id: number;
  name: string;
  shared: boolean; // with everybody who sees the journey
  author: string;
  mine: boolean;
  search: string; // what the page's address says
  looks: Looks;
}

export type NewView = Pick<SavedView, "name" | "shared" | "search" | "looks">;

const viewsOf = (journey: string) => ["views", journey];

export function useViews(journey: string, asked: boolean) {
  return useQuery({
    queryKey: viewsOf(journey),
    queryFn: () => request<SavedView[]>("GET", `/journeys/${journey}/views`),
    enabled: asked,
    staleTime: 0, // others share theirs
  });
}

export function useKeepView(journey: string) {
  return useChange(
    (body: NewView) => request<SavedView>("POST", `/journeys/${journey}/views`, { body }),
    viewsOf(journey),
  );
}

export function useRemoveView(journey: string) {
  return useChange((id: number) => request("DELETE", `/journeys/${journey}/views/${id}`), viewsOf(journey));
}
