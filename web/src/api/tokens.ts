// Keys with which programs act for a person, and the password with which they come in themselves.
import { useQuery } from "@tanstack/react-query";
import { useChange } from "./change";
import { request } from "./client";
import { type Role, SESSION } from "./session";

export interface Token {
  id: number;
  name: string;
  role: Role; // the most that it may do
  created: string;
  expires: string | null;
  used: string | null;
}

const TOKENS = ["tokens"];

export function useTokens() {
  return useQuery({ queryKey: TOKENS, queryFn: () => request<Token[]>("GET", "/tokens") });
}

export function useMakeToken() {
  return useChange(
    (body: { name: string; role: Role; expires: string | null }) =>
      request<{ token: Token; key: string }>("POST", "/tokens", { body }),
    TOKENS,
  );
}

export function useRemoveToken() {
  return useChange((id: number) => request("DELETE", `/tokens/${id}`), TOKENS);
}

export function useChangePassword() {
  return useChange(
    (body: { present: string; new: string }) => request("PUT", "/me/password", { body }),
    SESSION, // who changes it is signed in anew, with another CSRF token
  );
}
