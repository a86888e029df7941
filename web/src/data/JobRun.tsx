// Work in the background as it goes on, with a way to stop it, and what came of it.
import { Alert, Button, Progress } from "@mantine/core";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import type { Summary } from "../api/evidence";
import { type Job, over, useCancel, useJob } from "../api/jobs";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import { Box } from "../ui/Page";
import "./data.css";

interface Props {
  begun: Job;
  again?: () => void; // where it did not work, back to what was asked
  leave?: () => void;
  done?: (job: Job) => void; // once, when it has worked
}

const DONE: Record<string, string> = { check: "data.checked", backup: "backup.made", discover: "new.drawn" };
const SUMMED = ["check", "import", "replay", "watch"]; // kinds whose result is the summary of an import

export function JobRun({ begun, again, leave, done }: Props) {
  const { t } = useWords();
  const job = useJob(begun) ?? begun;
  const cancel = useCancel();
  const told = useRef(false);
  useEffect(() => {
    if (job.state !== "done" || told.current) return;
    told.current = true;
    done?.(job);
  }, [job, done]);
  if (!over(job))
    return (
      <Box title={t(job.state === "waiting" ? "data.waiting" : "data.running")}>
        <div className="box-body">
          <Bar job={job} />
          <Button size="xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(job.id)}>
            {t("data.cancel")}
          </Button>
          <Failure error={cancel.error} />
        </div>
      </Box>
    );
  return (
    <Box title={t(job.state === "done" ? (DONE[job.kind] ?? "data.imported") : `job.${job.state}`)}>
      <div className="box-body">
        {job.state === "done" && job.result && SUMMED.includes(job.kind) && (
          <Brought summary={job.result as unknown as Summary} />
        )}
        {job.state === "cancelled" && <p>{t("data.cancelled")}</p>}
        {job.problem && (
          <Alert color="red" role="alert" my="sm">
            {[job.problem.where, job.problem.detail].filter(Boolean).join(": ")}
            {job.problem.hint && ` – ${job.problem.hint}`}
          </Alert>
        )}
        <div className="page-tools">
          {job.state === "done" && leave && (
            <>
              <Button component={Link} to="/journeys/new">
                {t("data.to_map")}
              </Button>
              <Button variant="default" onClick={leave}>
                {t("data.more")}
              </Button>
            </>
          )}
          {job.state !== "done" && again && (
            <Button variant="default" onClick={again}>
              {t("studio.retry")}
            </Button>
          )}
        </div>
      </div>
    </Box>
  );
}

function Bar({ job }: { job: Job }) {
  const { t, has, number } = useWords();
  const what = job.what && (has(`doing.${job.what}`) ? t(`doing.${job.what}`) : job.what);
  const share = job.total ? Math.min(1, (job.done ?? 0) / job.total) : null;
  return (
    <>
      <Progress
        value={share === null ? 100 : share * 100}
        animated={share === null}
        aria-label={t("data.progress")}
        mb="xs"
      />
      <p className="quiet" role="status">
        {[what, share !== null && number(share, "share")].filter(Boolean).join(" · ")}
      </p>
    </>
  );
}

/** What an import brought: every row is accounted for. */
export function Brought({ summary }: { summary: Summary }) {
  const { t, number, date } = useWords();
  const brought = (["events", "feedback", "metrics"] as const).filter((kind) => summary[kind] > 0);
  const reasons = Object.entries({ ...summary.reasons, ...summary.cells });
  return (
    <div role="status" className="brought">
      <p>
        <strong>{t("data.accepted", { n: summary.accepted })}</strong>
        {summary.duplicates > 0 && ` · ${t("data.duplicates", { n: summary.duplicates })}`}
        {summary.quarantined > 0 && (
          <span className="stale"> · {t("data.quarantined", { n: summary.quarantined })}</span>
        )}
      </p>
      <p className="quiet">
        {[
          ...brought.map((kind) => `${t(`data.${kind}`)}: ${number(summary[kind], "integer")}`),
          `${t("frame.customers")}: ${number(summary.customers, "integer")}`,
          summary.from && `${date(summary.from)} – ${date(summary.to)}`,
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
      {reasons.length > 0 && (
        <>
          <ul className="said quiet">
            {reasons.map(([reason, count]) => (
              <li key={reason}>
                {number(count, "integer")} × {reason}
              </li>
            ))}
          </ul>
          <Link to="/data/quarantine">{t("data.see_quarantine")}</Link>
        </>
      )}
    </div>
  );
}
