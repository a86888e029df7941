// The command menu: one types a few letters of what one wants, and Enter does it.
import { Modal, TextInput, useMantineColorScheme } from "@mantine/core";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useJourneys } from "../api/journey";
import { reaches, useRole, useSignOut } from "../api/session";
import { pagesFor } from "../app/pages";
import { LANGUAGES, speak, useWords } from "../i18n";
import "./help.css";

interface Command {
  name: string;
  kind: string; // what it is about, in small
  act: () => void;
}

interface Props {
  close: () => void;
  shortcuts: () => void;
}

function useCommands(shortcuts: () => void): Command[] {
  const { t, text } = useWords();
  const go = useNavigate();
  const role = useRole();
  const signOut = useSignOut();
  const { setColorScheme } = useMantineColorScheme();
  const journeys = useJourneys().data ?? [];
  const to = (name: string, path: string): Command => ({ name, kind: t("help.go"), act: () => go(path) });
  const does = (name: string, act: () => void): Command => ({ name, kind: t("help.do"), act });
  return [
    ...pagesFor(role).flatMap(({ label, command = label, path, to: place = path }) =>
      command ? [to(t(command), place)] : [],
    ),
    ...(reaches(role, "editor") ? [to(t("voice.teach"), "/voice/teach")] : []),
    ...journeys.map(({ id, title }) => ({
      name: text(title),
      kind: t("insight.journey"),
      act: () => go(`/journeys/${id}`),
    })),
    does(t("help.shortcuts"), shortcuts),
    ...(["light", "dark", "auto"] as const).map((scheme) =>
      does(`${t("studio.appearance")}: ${t(`studio.${scheme}`)}`, () => setColorScheme(scheme)),
    ),
    ...Object.entries(LANGUAGES).map(([tag, name]) => does(name, () => speak(tag))),
    does(t("studio.sign_out"), () => signOut.mutate()),
  ];
}

export default function CommandMenu({ close, shortcuts }: Props) {
  const { t } = useWords();
  const list = useId();
  const shown = useRef<HTMLDivElement>(null);
  const [typed, type] = useState("");
  const [at, setAt] = useState(0);
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = useCommands(shortcuts).filter(({ name, kind }) =>
    words.every((word) => `${name} ${kind}`.toLowerCase().includes(word)),
  );
  const run = (command: Command | undefined) => {
    if (!command) return;
    close();
    command.act();
  };
  const press = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) setAt((found.length + at + move) % Math.max(1, found.length));
    else if (event.key === "Enter") run(found[at]);
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    shown.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);
  return (
    <Modal
      opened
      onClose={close}
      withCloseButton={false}
      title={t("help.menu")}
      classNames={{ header: "sr" }}
      padding={0}
      yOffset="12vh"
    >
      <TextInput
        data-autofocus
        size="md"
        variant="unstyled"
        className="command-field"
        role="combobox"
        aria-label={t("help.menu")}
        aria-expanded
        aria-controls={list}
        aria-activedescendant={found[at] && `${list}-${at}`}
        placeholder={t("help.find")}
        value={typed}
        onKeyDown={press}
        onChange={(event) => {
          type(event.currentTarget.value);
          setAt(0);
        }}
      />
      <div ref={shown} id={list} role="listbox" aria-label={t("help.menu")} className="commands">
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the field above keeps the focus
          <div
            key={`${command.kind} ${command.name}`}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at}
            onMouseMove={() => setAt(index)}
            onClick={() => run(command)}
          >
            {command.name} <span className="quiet">{command.kind}</span>
          </div>
        ))}
      </div>
      {!found.length && <p className="quiet commands-none">{t("help.none")}</p>}
    </Modal>
  );
}
