// Backups: the workspace as one file (route backups).
import { useQuery } from "@tanstack/react-query";
import { useChange } from "./change";
import { request } from "./client";
import type { Job } from "./jobs";

export interface Backup {
  name: string;
  size: number; // bytes
  made: string;
}

const BACKUPS = ["backups"];

export function useBackups() {
  return useQuery({ queryKey: BACKUPS, queryFn: () => request<Backup[]>("GET", "/backups") });
}

export function useMakeBackup() {
  return useChange(() => request<Job>("POST", "/backups"));
}

export function useRemoveBackup() {
  return useChange((name: string) => request("DELETE", `/backups/${name}`), BACKUPS);
}
