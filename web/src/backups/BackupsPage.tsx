// Backups of the workspace: made here, taken along to a safe place, deleted; and how one becomes a workspace again.
import { Button } from "@mantine/core";
import { type Backup, useBackups, useMakeBackup, useRemoveBackup } from "../api/backups";
import { address } from "../api/client";
import { JobRun } from "../data/JobRun";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import { Box, Page } from "../ui/Page";
import { Sure } from "../ui/Sure";
import { Trouble } from "../ui/Trouble";
import { Waiting } from "../ui/Waiting";

export default function BackupsPage() {
  const { t } = useWords();
  const backups = useBackups();
  const make = useMakeBackup();
  if (backups.isPending) return <Waiting />;
  if (backups.isError) return <Trouble error={backups.error} retry={backups.refetch} />;
  const begin = () => make.mutate(undefined);
  return (
    <Page
      title={t("backup.title")}
      why={t("backup.why")}
      tools={
        <Button size="xs" loading={make.isPending} onClick={begin}>
          {t("backup.make")}
        </Button>
      }
    >
      <Failure error={make.error} />
      {make.data && <JobRun key={make.data.id} begun={make.data} again={begin} />}
      <Box title={t("backup.kept")} why={t("backup.kept_why")}>
        <ul className="rows">
          {!backups.data.length && <li className="quiet">{t("backup.none")}</li>}
          {backups.data.map((backup) => (
            <li key={backup.name}>
              <Row backup={backup} />
            </li>
          ))}
        </ul>
      </Box>
      <Restore name={backups.data[0]?.name} />
    </Page>
  );
}

function Row({ backup: { name, size, made } }: { backup: Backup }) {
  const { t, number, moment } = useWords();
  const remove = useRemoveBackup();
  return (
    <>
      <div className="grow">
        <strong>{moment(made)}</strong>
        <div className="quiet">
          {name} · {number(size, "bytes")}
        </div>
        <Failure error={remove.error} />
      </div>
      <Button
        size="compact-xs"
        variant="default"
        component="a"
        href={address(`/backups/${name}`)}
        download
        aria-label={`${t("backup.take")}: ${name}`}
      >
        {t("backup.take")}
      </Button>
      <Sure label={t("settings.remove")} about={name} busy={remove.isPending} act={() => remove.mutate(name)} />
    </>
  );
}

function Restore({ name }: { name: string | undefined }) {
  const { t } = useWords();
  return (
    <Box title={t("backup.restore")} why={t("backup.restore_why")}>
      <div className="box-body">
        <pre className="commands-said">
          <code>{`desirepath restore ${name ?? "BACKUP.zip"} NEW-FOLDER\ndesirepath serve NEW-FOLDER`}</code>
        </pre>
        <p className="quiet">{t("backup.restore_database")}</p>
      </div>
    </Box>
  );
}
