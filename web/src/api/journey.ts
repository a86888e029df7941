// The journey document: what the team believes (src/desirepath/journey/model.py).
import { useQuery } from "@tanstack/react-query";
import { request } from "./client";
import type { Role } from "./session";

export type Text = string | Record<string, string>;

export interface Card {
  id: string;
  lane: string;
  text: Text;
  touchpoint?: string | null;
  persona?: string | null;
  emotion?: number | null;
  feeling?: string | null;
  evidence?: Record<string, unknown>[];
}

/** Which events are meant: all conditions hold; within one, any value does. */
export interface Rule {
  event?: string[];
  channel?: string[];
  where?: Record<string, string[]>;
}

export interface Touchpoint {
  id: string;
  name: Text;
  description?: Text | null;
  context?: Text | null;
  channel?: string | null;
  importance?: "low" | "medium" | "high";
  moment_of_truth?: boolean;
  match?: Rule[];
  owner?: string | null;
  backstage?: Text | null;
  assumed_emotion?: Record<string, number>;
  assumed_feeling?: Record<string, string>;
}

export interface Stage {
  id: string;
  name: Text;
  description?: Text | null;
  customer_goal?: Text | null;
  owner?: string | null;
  touchpoints?: Touchpoint[];
  cards?: Card[];
}

export interface Persona {
  id: string;
  name: Text;
  summary?: Text | null;
  goals?: Text[];
  needs?: Text[];
  challenges?: Text[];
  motives?: Text[];
  preferred_channels?: string[];
  rule?: Record<string, string[]>;
}

export interface OwnLane {
  id: string;
  name: Text;
  after?: string | null;
}

export interface Journey {
  id: string;
  title: Text;
  goal?: Text | null;
  scope?: Text | null;
  owner?: string | null;
  market?: string | null;
  state?: "as_is" | "to_be";
  personas?: Persona[];
  stages?: Stage[];
  lanes?: OwnLane[];
}

/** The lanes every journey has, in the order they are drawn. */
export const LANES = [
  "actions",
  "touchpoints",
  "thoughts",
  "needs",
  "emotions",
  "pain_points",
  "opportunities",
  "metrics",
  "owners",
  "backstage",
];

export const FEELINGS = ["joy", "trust", "curiosity", "surprise", "confusion", "disappointment", "anxiety", "anger"];

export interface JourneyEntry {
  id: string;
  title: Text;
  owner?: string | null;
  market?: string | null;
  parent?: string | null; // the journey of which this one is a part
  state?: "as_is" | "to_be";
  personas: number;
  stages: number;
  touchpoints: number;
  updated: string;
  role: Role; // one's own in it
}

export const JOURNEYS = ["journeys"];

export function useJourneys() {
  return useQuery({ queryKey: JOURNEYS, queryFn: () => request<JourneyEntry[]>("GET", "/journeys") });
}

export interface JourneyNow {
  document: Journey;
  seq: number; // edits that led to it
  author: string | null;
  updated: string;
  role: Role; // one's own in it
}

export function useJourney(id: string) {
  return useQuery({ queryKey: ["journey", id], queryFn: () => request<JourneyNow>("GET", `/journeys/${id}`) });
}
