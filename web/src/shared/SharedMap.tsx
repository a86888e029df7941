// The living map as a reader without an account sees it: the same forms and numbers, nothing to change.
import { Title } from "@mantine/core";
import { useCallback, useEffect } from "react";
import { useSharedMap } from "../api/shares";
import { useWords } from "../i18n";
import { Findings } from "../map/Findings";
import { ChooseForm, Form } from "../map/Form";
import { Facts } from "../map/MapHead";
import Panel from "../map/Panel";
import { type Opened, useOpened, useScope } from "../map/scope";
import { useView } from "../map/view";
import { Zoom } from "../map/Zoom";
import { Trouble } from "../ui/Trouble";
import { Waiting } from "../ui/Waiting";
import "../map/map.css";
import "../map/forms.css";

export function SharedMap({ token }: { token: string }) {
  const { text, date, language } = useWords();
  const { scope } = useScope();
  const { opened, open } = useOpened();
  const view = useView(`shared ${token}`);
  const answer = useSharedMap(token, scope, language);
  const title = answer.data && text(answer.data.journey.title);
  useEffect(() => {
    if (title) document.title = title;
  }, [title]);
  const toggle = useCallback(
    (next: Opened) => open(opened?.kind === next.kind && opened.id === next.id ? null : next),
    [open, opened],
  );
  if (answer.isPending) return <Waiting />;
  if (answer.isError && !answer.data) return <Trouble error={answer.error} retry={answer.refetch} />;
  const map = answer.data;
  const { data_from, data_to } = map.period;
  return (
    <div className={`map-page${opened ? " beside" : ""}`}>
      <div className="map-main">
        <header className="map-head">
          <div className="map-titles">
            <Title order={1} size="h2">
              {title}
            </Title>
            <p className="quiet">{text(map.journey.goal)}</p>
            <p className="quiet">{data_from && data_to && `${date(data_from)} – ${date(data_to)}`}</p>
          </div>
          <Facts map={map} />
        </header>
        <Findings map={map} opened={opened} open={toggle} />
        <div className="shared-forms">
          <ChooseForm />
          <Zoom view={view} />
        </div>
        <Form map={map} view={view} opened={opened} open={toggle} />
      </div>
      {opened && <Panel map={map} opened={opened} open={open} />}
    </div>
  );
}
