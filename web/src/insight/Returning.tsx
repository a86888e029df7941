// Who comes back: cohorts by when cases began, and the share of each that is seen again later.
import { NativeSelect } from "@mantine/core";
import { type CSSProperties, useState } from "react";
import { type Every, useRetention } from "../api/insight";
import type { Estimate } from "../api/map";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import { Box } from "../ui/Page";
import { Scroll } from "../ui/Scroll";
import { Waiting } from "../ui/Waiting";
import type { PartProps } from "./InsightPage";

const PERIODS = 13; // columns
const EVERY: Every[] = ["day", "week", "four_weeks"];

export function Returning({ map }: PartProps) {
  const { t, date, number } = useWords();
  const [every, setEvery] = useState<Every>("four_weeks");
  const found = useRetention(map.journey.id, every);
  const columns = Math.min(PERIODS, found.data?.overall.length ?? 0);
  const cells = (kept: Estimate[]) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the period is its number
    Array.from({ length: columns }, (_, at) => <Cell key={at} kept={kept[at] ?? null} />);
  return (
    <Box title={t("insight.retention")} why={t("insight.retention_why")}>
      <div className="box-body">
        <div className="fields">
          <NativeSelect
            size="xs"
            label={t("insight.every")}
            value={every}
            onChange={(event) => setEvery(event.currentTarget.value as Every)}
            data={EVERY.map((value) => ({ value, label: t(`insight.every.${value}`) }))}
          />
        </div>
        <Failure error={found.error} />
        {found.isPending && <Waiting />}
        {found.data && (
          <>
            <Scroll label={t("insight.retention")} className="cohorts">
              <table>
                <thead>
                  <tr>
                    <th scope="col">{t("insight.began")}</th>
                    <th scope="col" className="n">
                      {t("frame.cases")}
                    </th>
                    {Array.from({ length: columns }, (_, at) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: the period is its number
                      <th key={at} scope="col" className="n">
                        {at}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  <tr>
                    <th scope="row">{t("frame.all")}</th>
                    <td />
                    {cells(found.data.overall)}
                  </tr>
                  {found.data.cohorts.map((cohort) => (
                    <tr key={cohort.start}>
                      <th scope="row">{date(cohort.start)}</th>
                      <td className="n">{number(cohort.cases, "integer")}</td>
                      {cells(cohort.kept)}
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
            {found.data.unfinished && <p className="quiet">{t("insight.unfinished")}</p>}
          </>
        )}
      </div>
    </Box>
  );
}

function Cell({ kept }: { kept: Estimate | null }) {
  const { number } = useWords();
  if (kept?.value == null) return <td />;
  return (
    <td className="n kept" style={{ "--kept": `${Math.round(kept.value * 45)}%` } as CSSProperties}>
      {number(kept.value, "share")}
    </td>
  );
}
