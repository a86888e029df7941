// The bar above every page: where one is, the language, light or dark, who one is.
import { Button, NativeSelect, Popover, Stack, useMantineColorScheme } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, NavLink } from "react-router";
import { useRole, useSession, useSignOut } from "../api/session";
import { Help } from "../help/Help";
import { useWords } from "../i18n";
import { Mark } from "../ui/Mark";
import { Parts } from "../ui/Parts";
import { LanguageSelect } from "./LanguageSelect";
import { pagesFor } from "./pages";
import "./app.css";

export function Shell({ children }: { children: ReactNode }) {
  const { t } = useWords();
  const role = useRole();
  return (
    <>
      <a className="skip" href="#content">
        {t("frame.skip")}
      </a>
      <header className="bar">
        <Link to="/journeys" className="home" aria-label="Desirepath">
          <Mark />
          <span>Desirepath</span>
        </Link>
        <Parts label={t("help.pages")}>
          {pagesFor(role).map(
            ({ path, label, to = path }) =>
              label && (
                <NavLink key={path} to={to}>
                  {t(label)}
                </NavLink>
              ),
          )}
        </Parts>
        <Help />
        <Account />
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

function Account() {
  const { t } = useWords();
  const { data: session } = useSession();
  const signOut = useSignOut();
  const role = useRole();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Popover position="bottom-end" shadow="md" width={240} trapFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          aria-label={`${t("studio.account")}: ${session?.user?.name ?? ""}`}
        >
          <span className="account-name">{session?.user?.name}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Link to="/mentions">{t("comment.mentions")}</Link>
          <Link to="/settings">{t("settings.title")}</Link>
          {role === "admin" && <Link to="/backups">{t("backup.title")}</Link>}
          <Link to="/glossary">{t("help.glossary")}</Link>
          <LanguageSelect />
          <NativeSelect
            size="xs"
            label={t("studio.appearance")}
            value={colorScheme}
            onChange={(event) => setColorScheme(event.currentTarget.value as typeof colorScheme)}
            data={(["auto", "light", "dark"] as const).map((value) => ({ value, label: t(`studio.${value}`) }))}
          />
          <Button variant="default" size="xs" onClick={() => signOut.mutate()} loading={signOut.isPending}>
            {t("studio.sign_out")}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
