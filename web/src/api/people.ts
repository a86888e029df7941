// The people of the workspace, their roles in single journeys, and who did what (routes users and audit).
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useChange } from "./change";
import { request } from "./client";
import type { Role } from "./session";

export interface Person {
  id: string;
  name: string;
  role: Role;
  invited: boolean; // has set no password yet
  disabled: boolean;
  created: string;
}

interface Invitation {
  user: Person;
  link: string; // without the studio's address
}

interface JourneyRole {
  user: string;
  name: string;
  role: Role;
}

interface AuditEntry {
  id: number;
  at: string;
  user: string | null;
  action: string;
  target: string | null;
  detail: Record<string, unknown> | null;
}

const PEOPLE = ["users"];
const rolesIn = (journey: string) => ["journey-roles", journey];
const AUDITED = 50; // entries a page

export function usePeople() {
  return useQuery({ queryKey: PEOPLE, queryFn: () => request<Person[]>("GET", "/users") });
}

export function useInvite() {
  return useChange((body: { name: string; role: Role }) => request<Invitation>("POST", "/users", { body }), PEOPLE);
}

/** A new link for somebody who lost theirs, or their password. */
export function useInviteAgain() {
  return useChange((id: string) => request<Invitation>("POST", `/users/${id}/invitation`), PEOPLE);
}

export function useChangePerson() {
  return useChange(
    ({ id, ...body }: { id: string; role?: Role; disabled?: boolean }) => request("PATCH", `/users/${id}`, { body }),
    PEOPLE,
  );
}

export function useJourneyRoles(journey: string) {
  return useQuery({
    queryKey: rolesIn(journey),
    queryFn: () => request<JourneyRole[]>("GET", `/journeys/${journey}/roles`),
  });
}

/** Gives a role in a journey, or takes it back (null). */
export function useGiveRole(journey: string) {
  return useChange(({ user, role }: { user: string; role: Role | null }) => {
    const path = `/journeys/${journey}/roles/${user}`;
    return role ? request("PUT", path, { body: { role } }) : request("DELETE", path);
  }, rolesIn(journey));
}

export function useAudit() {
  return useInfiniteQuery({
    queryKey: ["audit"],
    queryFn: ({ pageParam }) =>
      request<AuditEntry[]>("GET", "/audit", { query: { limit: String(AUDITED), before: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.length === AUDITED ? String(page.at(-1)?.id) : null),
    staleTime: 0,
  });
}
