/** What a language is called in the reader's; null where it is not known. */
export function languageName(tag: string | null, reader: string): string | null {
  if (!tag || tag === "unknown") return null;
  return new Intl.DisplayNames([reader], { type: "language" }).of(tag) ?? tag;
}
