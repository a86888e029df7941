// A password, which one may look at while one types it, by keyboard too.
import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { useWords } from "../i18n";

export function Secret(props: PasswordInputProps) {
  const { t } = useWords();
  const toggle = { "aria-label": t("studio.show_password"), tabIndex: 0 };
  return <PasswordInput visibilityToggleButtonProps={toggle} {...props} />;
}
