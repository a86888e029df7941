// The customers behind a number: their walks, event by event.
import { Button, Loader } from "@mantine/core";
import { useWalks, type Walk } from "../api/insight";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import type { PartProps } from "./InsightPage";
import { useNames } from "./names";

export function Walks({ map, behind }: PartProps & { behind: Record<string, string> }) {
  const { t } = useWords();
  const walks = useWalks(map.journey.id, behind);
  if (walks.isPending) return <Loader size="xs" />;
  if (walks.isError) return <Failure error={walks.error} />;
  return (
    <>
      <ul className="walks">
        {walks.data.pages
          .flatMap((page) => page.walks)
          .map((walk) => (
            <li key={walk.id}>
              <Steps map={map} walk={walk} />
            </li>
          ))}
      </ul>
      {walks.hasNextPage && (
        <Button size="xs" variant="default" loading={walks.isFetchingNextPage} onClick={() => walks.fetchNextPage()}>
          {t("voice.more")}
        </Button>
      )}
    </>
  );
}

function Steps({ map, walk }: PartProps & { walk: Walk }) {
  const { moment } = useWords();
  const names = useNames(map);
  const first = walk.steps[0];
  return (
    <details>
      <summary>
        <span className="who">{walk.customer ?? walk.id}</span>{" "}
        <span className="quiet">
          {first && moment(first.at)} · {walk.steps.length} {" → "}
        </span>
        <span className="quiet">
          {walk.steps
            .slice(0, 6)
            .map((step) => (step.touchpoint ? names.touchpoint(step.touchpoint) : step.event))
            .join(" → ")}
        </span>
      </summary>
      <ol>
        {walk.steps.map((step, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps have no other name
          <li key={at} className={step.touchpoint ? "" : "off"}>
            <time className="quiet">{moment(step.at)}</time>{" "}
            {step.touchpoint ? names.touchpoint(step.touchpoint) : step.event}
            {step.channel && <span className="quiet"> · {step.channel}</span>}
          </li>
        ))}
      </ol>
    </details>
  );
}
