// What differs between segments, or between two periods, by more than chance.
import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type Compared, type Comparison, useComparison } from "../api/insight";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import { Heads } from "../ui/Heads";
import { Box } from "../ui/Page";
import { Scroll } from "../ui/Scroll";
import { Waiting } from "../ui/Waiting";
import type { PartProps } from "./InsightPage";
import { useNames } from "./names";

export function Compare({ map }: PartProps) {
  const { t } = useWords();
  const [asked, ask] = useState<Compared | null>(null);
  const found = useComparison(map.journey.id, asked);
  return (
    <Box title={t("insight.compare")} why={t("insight.compare_why")}>
      <div className="box-body">
        <Question map={map} ask={ask} />
        <Failure error={found.error} />
        {found.isLoading && <Waiting />}
        {found.data && (
          <>
            <Differences map={map} found={found.data} />
            <ul className="quiet">
              {found.data.notes.map(({ key, params }) => (
                <li key={key}>{t(key, params)}</li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Box>
  );
}

/** The middle of the evidence splits it into two periods, to begin with. */
function halves(from: string | null, to: string | null): [string, string, string, string] {
  if (!from || !to) return ["", "", "", ""];
  const day = (time: number) => new Date(time).toISOString().slice(0, 10);
  const start = Date.parse(from);
  const end = Date.parse(to) + 86_400_000;
  const middle = day((start + end) / 2);
  return [day(start), middle, middle, day(end)];
}

function Question({ map, ask }: PartProps & { ask: (asked: Compared) => void }) {
  const { t } = useWords();
  const [how, choose] = useState("segments");
  const [by, setBy] = useState("channel");
  const [days, setDays] = useState(() => halves(map.period.data_from, map.period.data_to));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [a, b, c, d] = days;
    ask(how === "segments" ? { by: by.trim() } : { before: `${a}..${b}`, after: `${c}..${d}` });
  };
  const labels = ["before_from", "before_to", "after_from", "after_to"];
  return (
    <form onSubmit={submit}>
      <SegmentedControl
        size="xs"
        mb="sm"
        value={how}
        onChange={choose}
        data={["segments", "periods"].map((value) => ({ value, label: t(`insight.${value}`) }))}
      />
      <div className="fields">
        {how === "segments" ? (
          <TextInput
            size="xs"
            label={t("insight.by")}
            required
            value={by}
            onChange={(event) => setBy(event.currentTarget.value)}
          />
        ) : (
          labels.map((label, at) => (
            <TextInput
              key={label}
              size="xs"
              type="date"
              required
              label={t(`insight.${label}`)}
              value={days[at]}
              onChange={(event) => {
                const { value } = event.currentTarget;
                setDays(days.map((day, other) => (other === at ? value : day)) as typeof days);
              }}
            />
          ))
        )}
        <Button type="submit" size="xs">
          {t("insight.compare_do")}
        </Button>
      </div>
    </form>
  );
}

function Differences({ map, found }: PartProps & { found: Comparison }) {
  const { t, number } = useWords();
  const names = useNames(map);
  const segment = (name: string) => name.replace("..", " – "); // two periods are named by their days
  const differing = found.contrasts.filter(({ differs }) => differs);
  return (
    <>
      <p className="quiet segments">
        {Object.entries(found.segments).map(([name, { cases }]) => (
          <span key={name} className="tag">
            {segment(name)}: {t("insight.cases", { n: cases })}
          </span>
        ))}
      </p>
      <p role="status">{t("insight.differ", { n: differing.length, all: found.contrasts.length })}</p>
      {differing.length > 0 && (
        <Scroll label={t("insight.compare")}>
          <table>
            <Heads
              columns={[
                t("insight.segment"),
                t("insight.what"),
                [t("insight.here")],
                [t("insight.others")],
                [t("insight.difference")],
              ]}
            />
            <tbody>
              {differing.map((each) => (
                <tr key={`${each.segment} ${each.measure} ${each.stage} ${each.touchpoint}`}>
                  <th scope="row">{segment(each.segment)}</th>
                  <td>
                    {names.measure(each.measure)}
                    {(each.touchpoint || each.stage) && <span className="quiet"> · {names.place(each)}</span>}
                  </td>
                  <td className="n">
                    {names.value(each.measure, each.value)}{" "}
                    <span className="quiet">n = {number(each.n, "integer")}</span>
                  </td>
                  <td className="n">
                    {names.value(each.measure, each.other)}{" "}
                    <span className="quiet">n = {number(each.other_n, "integer")}</span>
                  </td>
                  <td className="n">
                    <strong>{names.value(each.measure, each.difference.value)}</strong>{" "}
                    <span className="quiet">
                      [{names.value(each.measure, each.difference.low)} …{" "}
                      {names.value(each.measure, each.difference.high)}]
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </>
  );
}
