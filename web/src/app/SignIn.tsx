import { Alert, Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useSignIn } from "../api/session";
import { useWords } from "../i18n";
import { Secret } from "../ui/Secret";
import { said } from "../ui/Trouble";
import { Entrance } from "./Entrance";

export function SignIn({ setup, token }: { setup: boolean; token: string | null }) {
  const { t } = useWords();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useSignIn(token);
  return (
    <Entrance
      title={t(setup || token ? "studio.welcome" : "studio.sign_in")}
      submit={() => signIn.mutate({ name, password })}
    >
      {setup && !token && <p>{t("studio.setup_link_needed")}</p>}
      {(!setup || token) && (
        <>
          {token && <p className="quiet">{t(setup ? "studio.setup_why" : "studio.invited_why")}</p>}
          <TextInput
            label={t("studio.name")}
            autoComplete="username"
            required
            autoFocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Secret
            label={token ? t("studio.new_password") : t("studio.password")}
            description={token ? t("studio.password_hint") : undefined}
            autoComplete={token ? "new-password" : "current-password"}
            minLength={token ? 10 : undefined}
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {signIn.isError && (
            <Alert color="red" role="alert">
              {said(signIn.error)}
            </Alert>
          )}
          <Button type="submit" loading={signIn.isPending}>
            {token ? t("studio.setup_do") : t("studio.sign_in")}
          </Button>
        </>
      )}
    </Entrance>
  );
}
