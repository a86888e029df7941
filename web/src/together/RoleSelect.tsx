import { NativeSelect } from "@mantine/core";
import { ROLES, type Role } from "../api/session";
import { useWords } from "../i18n";

interface Props {
  label: string;
  value: Role;
  choose: (role: Role) => void;
  among?: readonly Role[];
  hidden?: boolean; // the label is there for those who hear the page only
  disabled?: boolean;
}

export function RoleSelect({ label, value, choose, among = ROLES, hidden, disabled }: Props) {
  const { t } = useWords();
  return (
    <NativeSelect
      label={hidden ? undefined : label}
      aria-label={hidden ? label : undefined}
      size={hidden ? "xs" : "sm"}
      value={value}
      disabled={disabled}
      onChange={(event) => choose(event.currentTarget.value as Role)}
      data={among.map((role) => ({ value: role, label: t(`role.${role}`) }))}
    />
  );
}
