// The guessed mapping on a preview of the files: corrected column by column or as YAML, tried out, imported.
import { Button, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type Block, bringIn, type Preview, preview } from "../api/evidence";
import type { Job } from "../api/jobs";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import { Box } from "../ui/Page";
import { FileColumns } from "./FileColumns";
import { JobRun } from "./JobRun";
import { blockOf } from "./mapping";

interface Props {
  id: string;
  first: Preview;
  leave: () => void;
}

export function Mapping({ id, first, leave }: Props) {
  const { t } = useWords();
  const [now, setNow] = useState(first);
  const [job, setJob] = useState<Job | null>(null);
  const [changed, setChanged] = useState(false);
  const look = useMutation({
    mutationFn: (mapping: string | Block[]) => preview(id, mapping),
    onSuccess: (next) => {
      setNow(next);
      setChanged(true);
    },
  });
  const go = useMutation({
    // What nobody corrected is guessed again, so that the import says what was assumed.
    mutationFn: (how: "check" | "import") => bringIn(id, how, changed ? now.mapping : null),
    onSuccess: setJob,
  });
  const correct = (index: number, block: Block) => {
    const blocks = now.blocks.map((each, at) => (at === index ? block : each));
    setNow({ ...now, blocks }); // at once; the server tidies it up or says what is wrong with it
    look.mutate(blocks);
  };
  const blocked = look.isPending || look.isError;
  if (job?.kind === "import") return <JobRun begun={job} again={() => setJob(null)} leave={leave} />;
  return (
    <Box title={t("data.preview")} why={t("data.preview_why")}>
      <div className="box-body">
        <Said title={t("data.questions")} lines={changed ? [] : now.questions} strong />
        {now.files.map((file) => {
          const index = blockOf(now.blocks, file.name);
          return (
            <FileColumns
              key={file.name}
              file={file}
              block={now.blocks[index] ?? null}
              index={index}
              confidences={changed ? {} : now.confidences}
              correct={(block) => correct(index, block)}
            />
          );
        })}
        <Said
          title={t("data.skipped")}
          lines={Object.entries(now.skipped).map(([name, why]) => `${name}: ${why}`)}
          strong
        />
        {!changed && <Said title={t("data.assumed")} lines={now.assumptions} />}
        <Yaml key={now.mapping} yaml={now.mapping} busy={look.isPending} take={(yaml) => look.mutate(yaml)} />
        <Failure error={look.error ?? go.error} />
        <div className="page-tools">
          <Button loading={go.isPending} disabled={blocked} onClick={() => go.mutate("import")}>
            {t("data.import")}
          </Button>
          <Button variant="default" disabled={blocked || go.isPending} onClick={() => go.mutate("check")}>
            {t("data.check")}
          </Button>
          <Button variant="subtle" onClick={leave}>
            {t("data.give_up")}
          </Button>
        </div>
        {job && <JobRun key={job.id} begun={job} />}
      </div>
    </Box>
  );
}

function Said({ title, lines, strong }: { title: string; lines: string[]; strong?: boolean }) {
  if (!lines.length) return null;
  const list = (
    <ul className="said quiet">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
  if (strong)
    return (
      <div className="said-strong">
        <strong>{title}</strong>
        {list}
      </div>
    );
  return (
    <details className="fold">
      <summary>{title}</summary>
      {list}
    </details>
  );
}

function Yaml({ yaml, busy, take }: { yaml: string; busy: boolean; take: (yaml: string) => void }) {
  const { t } = useWords();
  const [text, setText] = useState(yaml);
  return (
    <details className="fold">
      <summary>{t("data.as_yaml")}</summary>
      <Textarea
        aria-label={t("data.mapping")}
        autosize
        minRows={6}
        maxRows={24}
        className="code"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button mt="xs" size="xs" variant="default" loading={busy} disabled={text === yaml} onClick={() => take(text)}>
        {t("data.take_over")}
      </Button>
    </details>
  );
}
