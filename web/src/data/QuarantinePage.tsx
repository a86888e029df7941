// What could not be read: where it stood, why, and a corrected mapping that reads it again.
import { Button, NativeSelect, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useSearchParams } from "react-router";
import { address } from "../api/client";
import { replay, useMapping, useQuarantine, useSources } from "../api/evidence";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import { Heads } from "../ui/Heads";
import { Box, Page } from "../ui/Page";
import { Scroll } from "../ui/Scroll";
import { Trouble } from "../ui/Trouble";
import { Waiting } from "../ui/Waiting";
import { JobRun } from "./JobRun";
import "./data.css";

export default function QuarantinePage() {
  const { t } = useWords();
  const [search, setSearch] = useSearchParams();
  const source = search.get("source");
  const sources = useSources();
  const found = useQuarantine(source);
  if (found.isPending) return <Waiting />;
  if (found.isError) return <Trouble error={found.error} retry={found.refetch} />;
  const first = found.data.pages[0];
  return (
    <Page
      wide
      title={t("quarantine.title")}
      why={t("quarantine.why")}
      tools={
        <>
          <NativeSelect
            size="xs"
            aria-label={t("data.source")}
            value={source ?? ""}
            onChange={(event) => setSearch(event.currentTarget.value ? { source: event.currentTarget.value } : {})}
            data={[
              { value: "", label: t("quarantine.all") },
              ...(sources.data ?? []).filter((each) => each.quarantined > 0).map((each) => each.name),
            ]}
          />
          <Button component="a" href={address("/quarantine.csv", { source })} download variant="default" size="xs">
            {t("quarantine.file")}
          </Button>
        </>
      }
    >
      {first?.total === 0 && <p>{t("quarantine.empty")}</p>}
      {!!first?.total && <Counts counts={first.counts} />}
      {source && <Again key={source} source={source} />}
      {!!first?.total && <Rows pages={found.data.pages} />}
      {found.hasNextPage && (
        <Button variant="default" loading={found.isFetchingNextPage} onClick={() => found.fetchNextPage()}>
          {t("quarantine.more")}
        </Button>
      )}
    </Page>
  );
}

type Pages = NonNullable<ReturnType<typeof useQuarantine>["data"]>["pages"];

function Counts({ counts }: { counts: Pages[number]["counts"] }) {
  const { t, number } = useWords();
  return (
    <ul className="box rows">
      {counts.map((count) => (
        <li key={`${count.source} ${count.reason} ${count.whole_row}`}>
          <strong className="n">{number(count.count, "integer")}</strong>
          <span className="grow">{count.reason}</span>
          {!count.whole_row && <span className="tag">{t("quarantine.cell")}</span>}
          <span className="quiet">{count.source}</span>
        </li>
      ))}
    </ul>
  );
}

function Rows({ pages }: { pages: Pages }) {
  const { t } = useWords();
  return (
    <Scroll label={t("quarantine.title")} className="box">
      <table className="sources">
        <Heads columns={[t("quarantine.where"), t("quarantine.value"), t("quarantine.reason")]} />
        <tbody>
          {pages
            .flatMap((page) => page.rows)
            .map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name
              <tr key={at}>
                <td>
                  {row.file ? t("quarantine.line", { file: row.file, line: row.line }) : row.source}
                  {row.column && <div className="quiet">{row.column}</div>}
                </td>
                <td className="value">{row.value}</td>
                <td>{row.reason}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Again({ source }: { source: string }) {
  const { t } = useWords();
  const mapping = useMapping(source);
  if (mapping.isError) return <Failure error={mapping.error} />;
  if (!mapping.data) return null;
  if (mapping.data.mapping === null) return <p className="quiet">{t("quarantine.no_mapping")}</p>;
  return <Correct source={source} mapping={mapping.data.mapping} />;
}

function Correct({ source, mapping }: { source: string; mapping: string }) {
  const { t } = useWords();
  const [text, setText] = useState(mapping);
  const again = useMutation({ mutationFn: () => replay(source, text) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    again.mutate();
  };
  return (
    <Box title={t("quarantine.mapping", { source })}>
      <form className="box-body" onSubmit={submit}>
        <Textarea
          aria-label={t("quarantine.mapping", { source })}
          autosize
          minRows={6}
          maxRows={20}
          className="code"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" mt="sm" loading={again.isPending}>
          {t("quarantine.replay")}
        </Button>
        <Failure error={again.error} />
        {again.data && <JobRun key={again.data.id} begun={again.data} />}
      </form>
    </Box>
  );
}
