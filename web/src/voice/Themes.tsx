// What people talk about. A theme can be renamed, pinned, or merged into another one; each of that can be taken back.
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Link } from "react-router";
import { reaches, useRole } from "../api/session";
import { type Theme, useChangeTheme, useThemes, useUndoTheme } from "../api/voice";
import { useWords } from "../i18n";
import { Empty } from "../ui/Empty";
import { Failure } from "../ui/Failure";
import { Trouble } from "../ui/Trouble";
import { Waiting } from "../ui/Waiting";
import { Feeling } from "./Feeling";
import { languageName } from "./languages";
import { ChooseMap, OnMap, type Target, useTarget } from "./OnMap";

export function Themes() {
  const { t } = useWords();
  const themes = useThemes();
  const [decided, decide] = useState<number | null>(null);
  const undo = useUndoTheme();
  const target = useTarget();
  if (themes.isPending) return <Waiting />;
  if (themes.isError) return <Trouble error={themes.error} retry={themes.refetch} />;
  if (!themes.data.length) return <Empty title={t("voice.no_themes")}>{t("voice.no_themes_why")}</Empty>;
  return (
    <>
      {decided !== null && (
        <p role="status" className="decided">
          {t("voice.decided")}{" "}
          <Button
            size="compact-xs"
            variant="default"
            loading={undo.isPending}
            onClick={() => undo.mutate(decided, { onSuccess: () => decide(null) })}
          >
            {t("voice.undo")}
          </Button>
        </p>
      )}
      <Failure error={undo.error} />
      <ChooseMap target={target} />
      <ul className="box rows">
        {themes.data.map((theme) => (
          <li key={theme.id}>
            <Row theme={theme} others={themes.data} decided={decide} target={target} />
          </li>
        ))}
      </ul>
    </>
  );
}

interface RowProps {
  theme: Theme;
  others: Theme[];
  decided: (number: number) => void;
  target: Target;
}

function Row({ theme, others, decided, target }: RowProps) {
  const { t, number, language } = useWords();
  const editor = reaches(useRole(), "editor");
  const [changing, change] = useState(false);
  const at = useChangeTheme(theme.id);
  return (
    <>
      <div className="grow">
        <Link to={`/voice/words?theme=${encodeURIComponent(theme.id)}`}>
          <strong>{theme.name}</strong>
        </Link>{" "}
        <span className="tag">{languageName(theme.language, language) ?? theme.language}</span>{" "}
        {theme.pinned && <span className="tag">{t("voice.pinned")}</span>}{" "}
        {theme.new && <span className="tag warn">{t("voice.new")}</span>}{" "}
        {theme.growing && <span className="tag warn">{t("voice.growing")}</span>}
        <div className="quiet">{theme.terms.slice(0, 8).join(" · ")}</div>
      </div>
      <Months months={theme.months} />
      <span className="n" title={t("voice.texts", { n: theme.size })}>
        {number(theme.size, "integer")}
      </span>
      <Feeling score={theme.emotion} />
      <OnMap theme={theme} target={target} />
      {editor && (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          aria-expanded={changing}
          aria-label={`${t("voice.change")}: ${theme.name}`}
          onClick={() => change(!changing)}
        >
          {t("voice.change")}
        </Button>
      )}
      {changing && (
        <Change
          theme={theme}
          others={others}
          at={at}
          done={(decision) => {
            change(false);
            decided(decision);
          }}
        />
      )}
    </>
  );
}

/** How often a theme came up, month by month. */
function Months({ months }: { months: Record<string, number> }) {
  const values = Object.values(months);
  if (values.length < 2) return null;
  const top = Math.max(...values);
  const points = values.map((value, at) => `${(at * 72) / (values.length - 1)},${22 - (20 * value) / top}`);
  return (
    <svg className="months" width="72" height="24" viewBox="0 0 72 24" aria-hidden>
      <polyline points={points.join(" ")} fill="none" stroke="var(--accent)" strokeWidth="1.5" />
    </svg>
  );
}

interface ChangeProps {
  theme: Theme;
  others: Theme[];
  at: ReturnType<typeof useChangeTheme>;
  done: (decision: number) => void;
}

function Change({ theme, others, at, done }: ChangeProps) {
  const { t } = useWords();
  const [name, setName] = useState(theme.name);
  const [into, setInto] = useState("");
  const alike = others.filter((other) => other.language === theme.language && other.id !== theme.id);
  const decide = (change: Parameters<typeof at.mutate>[0]) =>
    at.mutate(change, { onSuccess: ({ number }) => done(number) });
  const rename = (event: FormEvent) => {
    event.preventDefault();
    decide({ action: "rename", name });
  };
  return (
    <div className="fields theme-change">
      <form className="fields" onSubmit={rename}>
        <TextInput
          size="xs"
          label={t("voice.name")}
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button size="xs" variant="default" type="submit">
          {t("voice.rename")}
        </Button>
      </form>
      {!theme.pinned && (
        <Button size="xs" variant="default" onClick={() => decide({ action: "pin" })}>
          {t("voice.pin")}
        </Button>
      )}
      {alike.length > 0 && (
        <>
          <NativeSelect
            size="xs"
            label={t("voice.into")}
            value={into}
            onChange={(event) => setInto(event.currentTarget.value)}
            data={["", ...alike.map((other) => ({ value: other.id, label: other.name }))]}
          />
          <Button size="xs" variant="default" disabled={!into} onClick={() => decide({ action: "merge", into })}>
            {t("voice.merge")}
          </Button>
        </>
      )}
      <Failure error={at.error} />
    </div>
  );
}
