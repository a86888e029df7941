// The audit log: who did what, the newest first.
import { Button } from "@mantine/core";
import { useAudit } from "../api/people";
import { useWords } from "../i18n";
import { Page } from "../ui/Page";
import { Trouble } from "../ui/Trouble";
import { Waiting } from "../ui/Waiting";

export default function AuditPage() {
  const { t, has, moment } = useWords();
  const audit = useAudit();
  if (audit.isPending) return <Waiting />;
  if (audit.isError) return <Trouble error={audit.error} retry={audit.refetch} />;
  const entries = audit.data.pages.flat();
  const done = (action: string, target: string | null) =>
    has(`audit.${action}`) ? t(`audit.${action}`, { target }) : `${action} ${target ?? ""}`;
  return (
    <Page title={t("people.audit")} why={t("people.audit_why")}>
      {!entries.length && <p>{t("people.audit_empty")}</p>}
      <ol className="box rows">
        {entries.map((entry) => (
          <li key={entry.id}>
            <time className="quiet" dateTime={entry.at}>
              {moment(entry.at)}
            </time>
            <span className="grow">
              <strong>{entry.user ?? t("people.nobody")}</strong> · {done(entry.action, entry.target)}
            </span>
          </li>
        ))}
      </ol>
      {audit.hasNextPage && (
        <Button variant="default" loading={audit.isFetchingNextPage} onClick={() => audit.fetchNextPage()}>
          {t("people.audit_more")}
        </Button>
      )}
    </Page>
  );
}
