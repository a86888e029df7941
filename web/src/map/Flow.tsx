// The map as a flow: the steps that customers walk over the path that was drawn. Wider is more often; dashed is off the
// drawn path. The most frequent steps come first, more when asked for.
import { useMemo, useState } from "react";
import type { Touchpoint } from "../api/journey";
import { useWords } from "../i18n";
import { tone } from "./curve";
import { COLUMN, edgesOf, NODE, nodesOf, sizeOf } from "./flow";
import type { FormProps } from "./Matrix";
import { marksOf } from "./marks";
import { useZoom } from "./useZoom";

const FIRST = 30;

export function Flow({ map, view, opened, open }: FormProps) {
  const { t, text, number } = useWords();
  const marks = marksOf(map);
  const nodes = useMemo(() => nodesOf(map), [map]);
  const edges = useMemo(() => edgesOf(map, nodes), [map, nodes]);
  const [wanted, want] = useState(FIRST);
  const stages = map.journey.stages ?? [];
  const places = new Map(stages.flatMap((stage) => stage.touchpoints ?? []).map((place) => [place.id, place]));
  const size = sizeOf(nodes, stages.length);
  const named = (id: string) => text(places.get(id)?.name);
  const shown = edges.slice(0, wanted);
  const chosen = opened?.kind === "touchpoint" ? opened.id : null;
  const box = useZoom<HTMLElement>(view.fit, map);
  return (
    <div className="flow">
      <div className="flow-tools">
        <label>
          {t("frame.steps_shown")}{" "}
          <input
            type="range"
            min={1}
            max={Math.max(1, edges.length)}
            value={Math.min(wanted, edges.length)}
            onChange={(event) => want(Number(event.currentTarget.value))}
          />
        </label>
        <span className="key drawn">{t("frame.drawn")}</span>
        <span className="key undrawn">{t("frame.undrawn")}</span>
      </div>
      <section
        ref={box}
        className="flow-scroll zoomed"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={`${text(map.journey.title)} – ${t("frame.flow")}`}
      >
        <ol className="flow-heads" style={{ width: size.width }}>
          {stages.map((stage) => (
            <li key={stage.id} style={{ width: COLUMN }}>
              {text(stage.name)}
            </li>
          ))}
        </ol>
        <div className="flow-picture" style={size}>
          <svg width={size.width} height={size.height} aria-hidden>
            {shown.map((edge) => (
              <path
                key={`${edge.from} ${edge.to}`}
                d={edge.path}
                strokeWidth={edge.width}
                className={`edge ${edge.drawn ? "drawn" : "undrawn"}${chosen && chosen !== edge.from && chosen !== edge.to ? " faint" : ""}`}
              >
                <title>
                  {t(edge.median_s === null ? "line.step_untimed" : "line.step", {
                    source: named(edge.from),
                    target: named(edge.to),
                    share: map.cases ? edge.cases / map.cases : null,
                    median: edge.median_s,
                  })}
                </title>
              </path>
            ))}
          </svg>
          {nodes.map((node) => {
            const walked = marks.touchpoints.get(node.id);
            const share = number(walked && map.cases ? walked.cases / map.cases : null, "share");
            return (
              <button
                key={node.id}
                type="button"
                className={`plain node tone-of-${tone(walked?.emotion.score)}${walked?.cases ? "" : " unwalked"}`}
                style={{ left: node.x, top: node.y, width: NODE.width, height: NODE.height }}
                aria-expanded={chosen === node.id}
                onClick={() => open({ kind: "touchpoint", id: node.id })}
              >
                <NodeName place={places.get(node.id)} />
                <span className="quiet">{share}</span>
              </button>
            );
          })}
        </div>
      </section>
    </div>
  );
}

function NodeName({ place }: { place: Touchpoint | undefined }) {
  const { text } = useWords();
  return (
    <span className="node-name">
      {place?.moment_of_truth && "★ "}
      {text(place?.name)}
    </span>
  );
}
