// Invites somebody: the account is there at once, and its owner comes in by the link.
import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useInvite } from "../api/people";
import type { Role } from "../api/session";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import { Box } from "../ui/Page";
import { InvitationLink } from "./PeoplePage";
import { RoleSelect } from "./RoleSelect";

export function Invite() {
  const { t } = useWords();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const invite = useInvite();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate({ name: name.trim(), role }, { onSuccess: () => setName("") });
  };
  return (
    <Box title={t("people.invite_title")}>
      <form className="box-body" onSubmit={submit}>
        <div className="fields">
          <TextInput
            label={t("studio.name")}
            required
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <RoleSelect label={t("people.role")} value={role} choose={setRole} />
          <Button type="submit" loading={invite.isPending}>
            {t("people.invite")}
          </Button>
        </div>
        <Failure error={invite.error} />
        {invite.data && <InvitationLink name={invite.data.user.name} link={invite.data.link} />}
      </form>
    </Box>
  );
}
