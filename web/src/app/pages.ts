// The studio's pages: where each stands, and those that the bar leads to, with the role that they need.
import { type ComponentType, lazy } from "react";
import type { Role } from "../api/session";

interface Page {
  path: string;
  Content: ComponentType;
  label?: string; // in the bar
  to?: string; // where the bar leads, if the path has places in it
  needs?: Role;
}

const page = (path: string, load: () => Promise<{ default: ComponentType }>, more: Partial<Page> = {}): Page => ({
  path,
  Content: lazy(load),
  ...more,
});

export const PAGES: Page[] = [
  page("/journeys", () => import("../portfolio/JourneysPage"), { label: "studio.journeys" }),
  page("/journeys/new", () => import("../portfolio/NewJourneyPage")),
  page("/journeys/:journey", () => import("../map/MapPage")),
  page("/journeys/:journey/people", () => import("../together/JourneyPeoplePage")),
  page("/journeys/:journey/share", () => import("../together/SharesPage")),
  page("/data", () => import("../data/DataPage"), { label: "data.title" }),
  page("/data/quarantine", () => import("../data/QuarantinePage")),
  page("/data/note", () => import("../data/NotePage")),
  page("/voice/:part?", () => import("../voice/VoicePage"), { label: "voice.title", to: "/voice" }),
  page("/insight/:part?", () => import("../insight/InsightPage"), { label: "insight.title", to: "/insight" }),
  page("/people", () => import("../together/PeoplePage"), { label: "people.title" }),
  page("/mentions", () => import("../together/MentionsPage")),
  page("/audit", () => import("../together/AuditPage")),
  page("/backups", () => import("../backups/BackupsPage")),
  page("/glossary", () => import("../help/GlossaryPage")),
  page("/settings", () => import("../settings/SettingsPage")),
];
