// The words of the studio. What the maps say comes from the library's own catalogues, so that a map reads the same here
// and on paper; the studio's own words stand beside this file, those of an area in a folder of its own. Places look like
// `{name}` or `{name:kind}`.
import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import type { Text } from "../api/journey";
import { date, duration, kinds, moment, NOTHING } from "./format";

export const LANGUAGES: Record<string, string> = {
  en: "English",
  "zh-Hans": "简体中文",
  "zh-Hant": "繁體中文",
  ru: "Русский",
};
const KEPT = "desirepath.language";

type Messages = Record<string, string | Record<string, string>>;
const ours = import.meta.glob<Messages>("./**/*.json", { import: "default" });
const shared = import.meta.glob<Messages>("../../../src/desirepath/locale/*.json", { import: "default" });

/** `{one, other}` as i18next wants it: a key for each plural category. */
function flat(messages: Messages): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [key, message] of Object.entries(messages)) {
    if (typeof message === "string") result[key] = message;
    else for (const [category, text] of Object.entries(message)) result[`${key}_${category}`] = text;
  }
  return result;
}

async function load(language: string) {
  if (i18next.hasResourceBundle(language, "translation")) return;
  const files = Object.entries({ ...shared, ...ours }).filter(([path]) => path.endsWith(`/${language}.json`));
  const messages = await Promise.all(files.map(([, read]) => read()));
  i18next.addResourceBundle(language, "translation", Object.assign({}, ...messages.map(flat)));
}

/** The interface language that serves a reader best: `zh-TW` reads `zh-Hant`. */
export function nearest(tag: string): string {
  if (tag in LANGUAGES) return tag;
  const [main = "en", ...rest] = tag.toLowerCase().split(/[-_]/);
  if (main === "zh") return rest.some((part) => ["hant", "tw", "hk", "mo"].includes(part)) ? "zh-Hant" : "zh-Hans";
  return main in LANGUAGES ? main : "en";
}

function show(value: unknown, kind: string | undefined, language: string | undefined): string {
  if (value === null || value === undefined) return NOTHING;
  if (kind === "date" && value !== NOTHING) return date(String(value), language ?? "en");
  if (typeof value !== "number") return String(value);
  if (kind === "duration") return duration(value, i18next.t);
  const write = kinds[kind as keyof typeof kinds];
  return write ? write(value, language ?? "en") : String(value);
}

export async function start() {
  await i18next.use(initReactI18next).init({
    lng: undefined,
    fallbackLng: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { prefix: "{", suffix: "}", formatSeparator: ":", escapeValue: false },
    react: { useSuspense: false },
  });
  for (const kind of [...Object.keys(kinds), "duration", "date"])
    i18next.services.formatter?.add(kind, (value, language) => show(value, kind, language));
  await speak(localStorage.getItem(KEPT) ?? navigator.languages.map(nearest)[0] ?? "en");
}

export async function speak(language: string) {
  const tag = nearest(language);
  await load(tag);
  await i18next.changeLanguage(tag);
  localStorage.setItem(KEPT, tag);
  document.documentElement.lang = tag;
}

const KIN: Record<string, string> = { "zh-Hans": "zh-Hant", "zh-Hant": "zh-Hans" };

/** A text in the reader's language, else in its nearest kin, else in English, else in whatever comes first. */
export function pick(text: Text | null | undefined, language: string): string {
  if (!text) return "";
  if (typeof text === "string") return text;
  for (const tag of [language, KIN[language], "en"]) if (tag && text[tag]) return text[tag];
  return Object.values(text)[0] ?? "";
}

/** Everything a component needs to speak: messages, texts of the document, numbers. */
export function useWords() {
  const { t, i18n } = useTranslation();
  const language = i18n.language;
  return {
    language,
    t: (key: string, params: Record<string, unknown> = {}) => {
      const known = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, value ?? NOTHING]));
      return t(key, { ...known, count: params.n as number });
    },
    has: (key: string) => i18n.exists(key),
    text: (text: Text | null | undefined) => pick(text, language),
    number: (value: number | null | undefined, kind: keyof typeof kinds | "duration") => show(value, kind, language),
    date: (value: string | null | undefined) => (value ? date(value, language) : NOTHING),
    moment: (value: string | null | undefined) => (value ? moment(value, language) : NOTHING),
  };
}
