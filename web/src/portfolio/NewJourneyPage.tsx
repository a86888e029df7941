// A new journey: from a template, from a text in YAML or Mermaid, or from the data alone.
import { Button, NativeSelect, Textarea } from "@mantine/core";
import { type DragEvent, type FormEvent, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { type NewJourney, useDiscover, useMakeJourney, useTemplates } from "../api/portfolio";
import { JobRun } from "../data/JobRun";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import { Box, Page } from "../ui/Page";
import "./portfolio.css";

/** Makes a journey and opens it. */
function useMake() {
  const go = useNavigate();
  const make = useMakeJourney();
  return {
    ...make,
    make: (from: NewJourney) => make.mutate(from, { onSuccess: ({ id }) => go(`/journeys/${id}`) }),
  };
}

export default function NewJourneyPage() {
  const { t } = useWords();
  return (
    <Page title={t("new.title")} why={t("new.why")}>
      <FromData />
      <FromTemplate />
      <FromText />
    </Page>
  );
}

function FromData() {
  const { t } = useWords();
  const go = useNavigate();
  const { mutate: begin, isPending, error, data: job, reset } = useDiscover();
  if (job) return <JobRun begun={job} again={reset} done={({ result }) => go(`/journeys/${result?.journey}`)} />;
  return (
    <Box title={t("new.data")} why={t("new.data_why")}>
      <div className="box-body">
        <Button loading={isPending} onClick={() => begin(undefined)}>
          {t("new.data_do")}
        </Button>
        <Failure error={error} />
      </div>
    </Box>
  );
}

function FromTemplate() {
  const { t, text } = useWords();
  const templates = useTemplates();
  const { make, isPending, error } = useMake();
  return (
    <Box title={t("new.template")} why={t("new.template_why")}>
      <div className="box-body">
        <Failure error={templates.error ?? error} />
        <ul className="templates">
          {templates.data?.map((template) => (
            <li key={template.id}>
              <button
                type="button"
                className="plain template"
                disabled={isPending}
                onClick={() => make({ source: "template", template: template.id })}
              >
                <strong>{text(template.title)}</strong>
                <span className="quiet">{template.stages.map(text).join(" → ")}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </Box>
  );
}

type Format = "yaml" | "mermaid";
const MERMAID = /^\s*(```mermaid|---|%%.*|journey\b)/;

function FromText() {
  const { t } = useWords();
  const [given, setGiven] = useState("");
  const [chosen, choose] = useState<Format | null>(null);
  const { make, isPending, error } = useMake();
  const format = chosen ?? (MERMAID.test(given) && /^\s*journey\s*$/m.test(given) ? "mermaid" : "yaml");
  const field = useRef<HTMLInputElement>(null);
  const [name, setName] = useState("");
  const read = async (files: FileList | null) => {
    const file = files?.[0];
    if (!file) return;
    setGiven(await file.text());
    setName(file.name);
  };
  const drop = (event: DragEvent) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    read(event.dataTransfer.files);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make({ source: format, text: given });
  };
  return (
    <Box title={t("new.file")} why={t("new.file_why")}>
      <form className="box-body" onSubmit={submit} onDrop={drop} onDragOver={(event) => event.preventDefault()}>
        <div className="file">
          <input
            ref={field}
            type="file"
            hidden
            accept=".yaml,.yml,.md,.mmd,.txt"
            aria-label={t("new.choose")}
            onChange={(event) => read(event.currentTarget.files)}
          />
          <Button variant="default" onClick={() => field.current?.click()}>
            {t("new.choose")}
          </Button>
          <span className="quiet">{name || t("new.drop")}</span>
        </div>
        <Textarea
          label={t("new.text")}
          required
          autosize
          minRows={6}
          maxRows={18}
          styles={{ input: { fontFamily: "monospace" } }}
          value={given}
          onChange={(event) => setGiven(event.currentTarget.value)}
        />
        <div className="fields" style={{ marginTop: "0.75rem" }}>
          <NativeSelect
            label={t("new.format")}
            value={format}
            onChange={(event) => choose(event.currentTarget.value as Format)}
            data={[
              { value: "yaml", label: "YAML" },
              { value: "mermaid", label: "Mermaid" },
            ]}
          />
          <Button type="submit" loading={isPending}>
            {t("new.make")}
          </Button>
        </div>
        <Failure error={error} />
      </form>
    </Box>
  );
}
