// A page that needs a role: who has a lower one reads which it is, and nothing of the page is asked for.
import type { ReactNode } from "react";
import { Link } from "react-router";
import { type Role, reaches, useRole } from "../api/session";
import { useWords } from "../i18n";
import { Empty } from "../ui/Empty";

export function ForRole({ needs, children }: { needs: Role | undefined; children: ReactNode }) {
  const { t } = useWords();
  const role = useRole();
  if (!needs || reaches(role, needs)) return children;
  return (
    <Empty title={t("studio.not_yours")}>
      <p>{t("studio.not_yours_why", { needed: t(`role.${needs}`), mine: t(`role.${role}`) })}</p>
      <p className="next">
        <Link to="/journeys">{t("studio.to_journeys")}</Link>
      </p>
    </Empty>
  );
}
