// What the maps rest on: files come in here; sources with their freshness; folders that are watched.
import { Button } from "@mantine/core";
import { Link } from "react-router";
import { reaches, useRole } from "../api/session";
import { useWords } from "../i18n";
import { Page } from "../ui/Page";
import { BringIn } from "./BringIn";
import { Sources } from "./Sources";
import { Watches } from "./Watches";
import "./data.css";

export default function DataPage() {
  const { t } = useWords();
  const role = useRole();
  const editor = reaches(role, "editor");
  return (
    <Page
      wide
      title={t("data.title")}
      why={t("data.why")}
      tools={
        editor && (
          <Button component={Link} to="/data/note" variant="default" size="xs">
            {t("record.add")}
          </Button>
        )
      }
    >
      {editor && <BringIn />}
      <Sources editor={editor} />
      <Watches admin={role === "admin"} editor={editor} />
    </Page>
  );
}
