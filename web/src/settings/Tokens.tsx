// Keys for programs: what each may do at most, how long, and when it was last used.
import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ROLES, type Role, reaches, useRole } from "../api/session";
import { type Token, useMakeToken, useRemoveToken, useTokens } from "../api/tokens";
import { useWords } from "../i18n";
import { RoleSelect } from "../together/RoleSelect";
import { CopyLine } from "../ui/CopyLine";
import { Failure } from "../ui/Failure";
import { Box } from "../ui/Page";
import { Sure } from "../ui/Sure";

export function Tokens() {
  const { t } = useWords();
  const tokens = useTokens();
  return (
    <Box title={t("settings.tokens")} why={t("settings.tokens_why")}>
      <Make />
      <Failure error={tokens.error} />
      <ul className="rows">
        {tokens.data?.length === 0 && <li className="quiet">{t("settings.no_tokens")}</li>}
        {tokens.data?.map((token) => (
          <li key={token.id}>
            <Row token={token} />
          </li>
        ))}
      </ul>
    </Box>
  );
}

function Make() {
  const { t } = useWords();
  const mine = useRole();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [expires, setExpires] = useState("");
  const make = useMakeToken();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const until = expires ? `${expires}T00:00:00Z` : null;
    make.mutate({ name: name.trim(), role, expires: until }, { onSuccess: () => setName("") });
  };
  return (
    <form className="box-body" onSubmit={submit}>
      <div className="fields">
        <TextInput
          label={t("settings.token_name")}
          required
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <RoleSelect
          label={t("settings.token_role")}
          value={role}
          choose={setRole}
          among={ROLES.filter((each) => reaches(mine, each))}
        />
        <TextInput
          type="date"
          label={t("settings.token_expires")}
          value={expires}
          onChange={(event) => setExpires(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={make.isPending}>
          {t("settings.token_make")}
        </Button>
      </div>
      <Failure error={make.error} />
      {make.data && (
        <>
          <p className="quiet">{t("settings.token_once")}</p>
          <CopyLine label={`${t("settings.token_key")}: ${make.data.token.name}`} value={make.data.key} />
        </>
      )}
    </form>
  );
}

function Row({ token }: { token: Token }) {
  const { t, date } = useWords();
  const remove = useRemoveToken();
  const over = token.expires !== null && new Date(token.expires) < new Date();
  const facts = [
    t(`role.${token.role}`),
    t("settings.made", { at: date(token.created) }),
    token.used ? t("settings.used", { at: date(token.used) }) : t("settings.never_used"),
    token.expires && t(over ? "settings.expired" : "settings.expires", { at: date(token.expires) }),
  ].filter(Boolean);
  return (
    <>
      <div className="grow">
        <strong>{token.name}</strong>
        <div className="quiet">{facts.join(" · ")}</div>
        <Failure error={remove.error} />
      </div>
      <Sure
        label={t("settings.remove")}
        about={token.name}
        busy={remove.isPending}
        act={() => remove.mutate(token.id)}
      />
    </>
  );
}
