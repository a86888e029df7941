// The studio's pages: where each stands, what role it needs, and whether the bar and the command menu lead to it.
import { type ComponentType, lazy } from "react";
import { type Role, reaches } from "../api/session";

interface Page {
  path: string;
  Content: ComponentType;
  label?: string; // in the bar and the command menu
  command?: string; // in the command menu alone
  to?: string; // where they lead, if the path has places in it
  needs?: Role; // in the workspace
}

const page = (path: string, load: () => Promise<{ default: ComponentType }>, more: Partial<Page> = {}): Page => ({
  path,
  Content: lazy(load),
  ...more,
});

export const PAGES: Page[] = [
  page("/journeys", () => import("../portfolio/JourneysPage"), { label: "studio.journeys" }),
  page("/journeys/new", () => import("../portfolio/NewJourneyPage"), { command: "portfolio.new", needs: "editor" }),
  page("/journeys/:journey", () => import("../map/MapPage")),
  page("/journeys/:journey/people", () => import("../together/JourneyPeoplePage")),
  page("/journeys/:journey/share", () => import("../together/SharesPage")),
  page("/data", () => import("../data/DataPage"), { label: "data.title" }),
  page("/data/quarantine", () => import("../data/QuarantinePage"), { command: "quarantine.title", needs: "editor" }),
  page("/data/note", () => import("../data/NotePage"), { command: "record.add", needs: "editor" }),
  page("/voice/:part?", () => import("../voice/VoicePage"), { label: "voice.title", to: "/voice" }),
  page("/insight/:part?", () => import("../insight/InsightPage"), { label: "insight.title", to: "/insight" }),
  page("/people", () => import("../together/PeoplePage"), { label: "people.title" }),
  page("/mentions", () => import("../together/MentionsPage"), { command: "comment.mentions" }),
  page("/audit", () => import("../together/AuditPage"), { command: "people.audit", needs: "admin" }),
  page("/backups", () => import("../backups/BackupsPage"), { command: "backup.title", needs: "admin" }),
  page("/glossary", () => import("../help/GlossaryPage"), { command: "help.glossary" }),
  page("/settings", () => import("../settings/SettingsPage"), { command: "settings.title" }),
];

/** The pages that a role may open. */
export const pagesFor = (role: Role) => PAGES.filter(({ needs }) => !needs || reaches(role, needs));
