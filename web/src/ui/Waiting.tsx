import { Center, Loader } from "@mantine/core";
import { useWords } from "../i18n";

export function Waiting() {
  const { t } = useWords();
  return (
    <Center mih="40vh" role="status" aria-label={t("studio.loading")}>
      <Loader type="dots" />
    </Center>
  );
}
