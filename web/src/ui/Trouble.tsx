// What went wrong, in the server's own words, and what would be right.
import { Alert, Button, Stack } from "@mantine/core";
import { ApiError } from "../api/client";
import { useWords } from "../i18n";

export function said(error: Error): string {
  return error instanceof ApiError && error.hint ? `${error.message} – ${error.hint}` : error.message;
}

export function Trouble({ error, retry }: { error: Error; retry?: () => void }) {
  const { t } = useWords();
  return (
    <Stack p="xl" maw={640} mx="auto">
      <Alert color="red" title={t("studio.failed")} role="alert">
        <Stack gap="sm" align="flex-start">
          {said(error)}
          {retry && (
            <Button size="xs" variant="default" onClick={() => retry()}>
              {t("studio.retry")}
            </Button>
          )}
        </Stack>
      </Alert>
    </Stack>
  );
}
