import { Link } from "react-router";
import { useWords } from "../i18n";
import { Empty } from "../ui/Empty";

export function NotFound() {
  const { t } = useWords();
  return (
    <Empty title={t("studio.not_found")}>
      <Link to="/journeys">{t("studio.to_journeys")}</Link>
    </Empty>
  );
}
