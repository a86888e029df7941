// The first rows of a file; above each column what it means.
import { Alert, NativeSelect } from "@mantine/core";
import type { Block, FilePreview } from "../api/evidence";
import { useWords } from "../i18n";
import { Scroll } from "../ui/Scroll";
import {
  NOTHING,
  readable,
  roleOf,
  rolesFor,
  SCALES,
  scaleOf,
  simple,
  sureness,
  withKind,
  withRole,
  withScale,
} from "./mapping";

const ROWS = 4;

interface Props {
  file: FilePreview;
  block: Block | null;
  index: number;
  confidences: Record<string, number>;
  correct: (block: Block) => void;
}

export function FileColumns({ file, block, index, confidences, correct }: Props) {
  const { t } = useWords();
  return (
    <section className="file-columns" aria-label={file.name}>
      <header>
        <h3>{file.name}</h3>
        {block && <Kind file={file.name} block={block} correct={correct} />}
      </header>
      {file.problem && <Alert color="red">{file.problem}</Alert>}
      {block && !simple(block) && <p className="quiet">{t("data.in_yaml")}</p>}
      {readable(file) && (
        <Scroll label={file.name}>
          <table>
            <thead>
              <tr>
                {file.columns.map((column) => (
                  <th key={column} scope="col">
                    <span className="column">{column}</span>
                    {block && simple(block) && <Meaning {...{ block, column, index, confidences, correct }} />}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {file.rows.slice(0, ROWS).map((row, r) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name
                <tr key={r}>
                  {file.columns.map((column, c) => (
                    <td key={column}>{row[c]}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  );
}

function Kind({ file, block, correct }: { file: string; block: Block; correct: (block: Block) => void }) {
  const { t } = useWords();
  const kind = String(block.kind ?? "events");
  if (!simple(block)) return <span className="tag">{t(`data.kind.${kind}`)}</span>;
  return (
    <NativeSelect
      size="xs"
      aria-label={t("data.kind_of", { file })}
      value={kind}
      onChange={(event) => correct(withKind(block, event.currentTarget.value as "events" | "feedback"))}
      data={["events", "feedback"].map((value) => ({ value, label: t(`data.kind.${value}`) }))}
    />
  );
}

interface MeaningProps {
  block: Block;
  column: string;
  index: number;
  confidences: Record<string, number>;
  correct: (block: Block) => void;
}

function Meaning({ block, column, index, confidences, correct }: MeaningProps) {
  const { t } = useWords();
  const role = roleOf(block, column);
  const sure = sureness(confidences, index, role);
  return (
    <>
      <NativeSelect
        size="xs"
        className={role === NOTHING ? "meaning none" : "meaning"}
        aria-label={t("data.meaning_of", { column })}
        value={role}
        onChange={(event) => correct(withRole(block, column, event.currentTarget.value))}
        data={[NOTHING, ...rolesFor(block)].map((value) => ({ value, label: t(`data.role.${value || "none"}`) }))}
      />
      {role === "score" && (
        <NativeSelect
          size="xs"
          aria-label={t("data.scale_of", { column })}
          value={scaleOf(block)}
          onChange={(event) => correct(withScale(block, event.currentTarget.value))}
          data={[...new Set([...SCALES, scaleOf(block)])]}
        />
      )}
      {sure !== null && sure < 0.8 && <span className="tag warn">{t("data.sure", { share: sure })}</span>}
    </>
  );
}
