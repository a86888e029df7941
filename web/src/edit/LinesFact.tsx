// A list of a persona, one entry a line. A line that was not touched keeps what it says in other languages.
import { useState } from "react";
import type { Persona, Text } from "../api/journey";
import { useWords } from "../i18n";
import { InlineEditor } from "./Inline";
import { useMayEdit } from "./useEditor";

type Field = "goals" | "needs" | "challenges" | "motives" | "preferred_channels" | "rule";

export function LinesFact({ name, persona, field }: { name: string; persona: Persona; field: Field }) {
  const { t, text } = useWords();
  const editor = useMayEdit();
  const [began, begin] = useState<{ with: Persona[Field] } | null>(null);
  const lines = (value: Persona[Field]) => (field === "rule" ? conditions(value) : ((value ?? []) as Text[]).map(text));
  const said = lines(persona[field]);
  if (!editor && !said.length) return null;
  const done = (value: string | null) => {
    const was = began?.with ?? null;
    begin(null);
    const wanted = value
      ?.split("\n")
      .map((line) => line.trim())
      .filter(Boolean);
    if (!wanted || wanted.join("\n") === lines(was ?? undefined).join("\n")) return;
    const half = field === "rule" && wanted.find((line) => !/^[^=]+=.+$/.test(line));
    if (half) return editor?.reject(`${half}: ${t("studio.condition_hint")}`, wanted.join("\n"));
    const old = Array.isArray(was) ? (was as Text[]) : [];
    const next =
      field === "rule" ? ruled(wanted) : wanted.map((line) => old.find((each) => text(each) === line) ?? line);
    editor?.change([{ op: "set", part: "persona", id: persona.id, field, value: next, was }]);
  };
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {began ? (
          <InlineEditor lines value={lines(began.with).join("\n")} label={name} at={persona.id} done={done} />
        ) : (
          <Lines
            said={said}
            begin={editor ? () => begin({ with: persona[field] }) : undefined}
            none={t("edit.add_this", { what: name })}
          />
        )}
      </dd>
    </div>
  );
}

function Lines({ said, begin, none }: { said: string[]; begin: (() => void) | undefined; none: string }) {
  const list = (
    <ul>
      {said.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
  if (!begin) return list;
  return (
    <button type="button" className={`plain editable${said.length ? "" : " empty"}`} onClick={begin}>
      {said.length
        ? said.map((line) => (
            <span key={line} className="line">
              {line}
            </span>
          ))
        : none}
    </button>
  );
}

function conditions(value: Persona[Field]): string[] {
  return Object.entries((value ?? {}) as Record<string, string[]>).flatMap(([name, values]) =>
    values.map((each) => `${name}=${each}`),
  );
}

function ruled(lines: string[]): Record<string, string[]> {
  const rule: Record<string, string[]> = {};
  for (const line of lines) {
    const [name = "", ...value] = line.split("=");
    rule[name.trim()] = [...(rule[name.trim()] ?? []), value.join("=").trim()];
  }
  return rule;
}
