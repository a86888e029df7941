// The differences of two documents in words.
import type { Journey, Text } from "../api/journey";
import { useWords } from "../i18n";
import { type Change, changes } from "./diff";

export function Changes({ before, after }: { before: Journey; after: Journey }) {
  const { t } = useWords();
  const found = changes(before, after);
  if (!found.length) return <p className="quiet">{t("edit.no_changes")}</p>;
  return (
    <ul className="changes">
      {found.map((change) => (
        <li key={`${change.what} ${change.part} ${change.id} ${change.field ?? ""}`} className={change.what}>
          <One change={change} />
        </li>
      ))}
    </ul>
  );
}

function One({ change }: { change: Change }) {
  const { t, text, has } = useWords();
  const field = change.field && (has(`edit.field.${change.field}`) ? t(`edit.field.${change.field}`) : change.field);
  const said = (value: unknown) => inWords(value, text);
  return (
    <>
      <b>{t(`edit.was_${change.what}`)}</b> {t(`edit.part.${change.part}`)} “{text(change.name)}”
      {field && (
        <>
          {": "}
          {field} <del>{said(change.before)}</del> <ins>{said(change.after)}</ins>
        </>
      )}
    </>
  );
}

function inWords(value: unknown, text: (text: Text) => string): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return value.map((each) => inWords(each, text)).join(", ");
  const texts = Object.values(value).every((each) => typeof each === "string");
  return texts ? text(value as Text) : JSON.stringify(value);
}
