// Who is here. The server says with the session which CSRF token changes need, and whether nobody has an account yet.
import { type Query, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { keepCsrf, request } from "./client";

export const ROLES = ["viewer", "commenter", "editor", "owner", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** Whether a role may do what needs another one (src/desirepath/server/roles.py). */
export function reaches(role: Role, need: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(need);
}

export interface User {
  id: string;
  name: string;
  role: Role;
}

export interface Session {
  user: User | null;
  csrf: string | null;
  setup: boolean; // nobody has an account yet
}

export const SESSION = ["session"];

export function useSession() {
  return useQuery({
    queryKey: SESSION,
    queryFn: async () => {
      const session = await request<Session>("GET", "/session");
      keepCsrf(session.csrf);
      return session;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What one may do in the workspace. */
export function useRole(): Role {
  return useSession().data?.user?.role ?? "viewer";
}

interface Credentials {
  name: string;
  password: string;
}

const notSession = { predicate: (query: Query) => query.queryKey[0] !== SESSION[0] };

/** Signs in; with a `token` (from a one-time link) the first account is made, or an invitation taken up. */
export function useSignIn(token: string | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: Credentials) =>
      token ? request("POST", "/setup", { body: { ...given, token } }) : request("POST", "/session", { body: given }),
    onSuccess: () => {
      client.removeQueries(notSession); // what was refused, or seen by somebody else before
      return client.invalidateQueries({ queryKey: SESSION });
    },
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request("DELETE", "/session"),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: SESSION }); // the pages go first, so that they ask for nothing more
      client.removeQueries(notSession);
    },
  });
}
