// What is one's own: the language, light or dark, the password, keys for programs.
import { NativeSelect, useMantineColorScheme } from "@mantine/core";
import { LANGUAGES, speak, useWords } from "../i18n";
import { Box, Page } from "../ui/Page";
import { Password } from "./Password";
import { Tokens } from "./Tokens";

export default function SettingsPage() {
  const { t } = useWords();
  return (
    <Page title={t("settings.title")}>
      <Look />
      <Password />
      <Tokens />
    </Page>
  );
}

function Look() {
  const { t, language } = useWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Box title={t("settings.look")}>
      <div className="box-body fields">
        <NativeSelect
          label={t("settings.language")}
          value={language}
          onChange={(event) => speak(event.currentTarget.value)}
          data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
        />
        <NativeSelect
          label={t("studio.appearance")}
          value={colorScheme}
          onChange={(event) => setColorScheme(event.currentTarget.value as typeof colorScheme)}
          data={(["auto", "light", "dark"] as const).map((value) => ({ value, label: t(`studio.${value}`) }))}
        />
      </div>
    </Box>
  );
}
