// What somebody without an account sees by a link: one journey's map to read, or a wall to put notes on.
import { Button } from "@mantine/core";
import { useState } from "react";
import { useParams } from "react-router";
import { useSession } from "../api/session";
import { useShared, useUnlock } from "../api/shares";
import { Entrance } from "../app/Entrance";
import { LanguageSelect } from "../app/LanguageSelect";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import { Mark } from "../ui/Mark";
import { Secret } from "../ui/Secret";
import { Trouble } from "../ui/Trouble";
import { Waiting } from "../ui/Waiting";
import { SharedMap } from "./SharedMap";
import { Wall } from "./Wall";
import "../app/app.css";
import "./shared.css";

export default function SharedPage() {
  const { token = "" } = useParams();
  const session = useSession(); // a visitor's, for what is sent
  const shared = useShared(token);
  if (session.isPending || shared.isPending) return <Waiting />;
  if (shared.isError) return <Trouble error={shared.error} retry={shared.refetch} />;
  if (shared.data.locked) return <Locked token={token} />;
  return (
    <>
      <header className="bar">
        <span className="home">
          <Mark />
          <span>Desirepath</span>
        </span>
        <span className="grow" />
        <LanguageSelect />
      </header>
      <main id="content">
        {shared.data.kind === "map" ? <SharedMap token={token} /> : <Wall token={token} shared={shared.data} />}
      </main>
    </>
  );
}

function Locked({ token }: { token: string }) {
  const { t } = useWords();
  const [password, setPassword] = useState("");
  const unlock = useUnlock(token);
  return (
    <Entrance title={t("share.locked")} submit={() => unlock.mutate(password)}>
      <Secret
        label={t("studio.password")}
        required
        autoFocus
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Failure error={unlock.error} />
      <Button type="submit" loading={unlock.isPending}>
        {t("share.unlock")}
      </Button>
    </Entrance>
  );
}
