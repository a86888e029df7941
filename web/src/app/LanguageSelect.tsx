import { NativeSelect } from "@mantine/core";
import { LANGUAGES, speak, useWords } from "../i18n";

export function LanguageSelect() {
  const { t, language } = useWords();
  return (
    <NativeSelect
      aria-label={t("frame.language")}
      size="xs"
      value={language}
      onChange={(event) => speak(event.currentTarget.value)}
      data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
    />
  );
}
