import { Alert, Button } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useSession } from "../api/session";
import { useChangePassword } from "../api/tokens";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import { Box } from "../ui/Page";
import { Secret } from "../ui/Secret";

const NONE = { present: "", new: "" };

export function Password() {
  const { t } = useWords();
  const { data: session } = useSession();
  const [given, give] = useState(NONE);
  const change = useChangePassword();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(given, { onSuccess: () => give(NONE) });
  };
  return (
    <Box title={t("settings.password")} why={t("settings.password_why")}>
      <form className="box-body" onSubmit={submit}>
        <input type="text" autoComplete="username" value={session?.user?.name ?? ""} readOnly hidden />
        <div className="fields">
          <Secret
            label={t("settings.present")}
            autoComplete="current-password"
            required
            value={given.present}
            onChange={(event) => give({ ...given, present: event.currentTarget.value })}
          />
          <Secret
            label={t("settings.new")}
            autoComplete="new-password"
            minLength={10}
            required
            value={given.new}
            onChange={(event) => give({ ...given, new: event.currentTarget.value })}
          />
          <Button type="submit" variant="default" loading={change.isPending}>
            {t("settings.change")}
          </Button>
        </div>
        <Failure error={change.error} />
        {change.isSuccess && (
          <Alert color="green" role="status" my="sm">
            {t("settings.changed")}
          </Alert>
        )}
      </form>
    </Box>
  );
}
