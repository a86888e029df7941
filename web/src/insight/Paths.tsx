// The paths that cases really walk, the most frequent first, and the steps between touchpoints.
import { useWords } from "../i18n";
import { Heads } from "../ui/Heads";
import { Box } from "../ui/Page";
import { Scroll } from "../ui/Scroll";
import type { PartProps } from "./InsightPage";
import { useNames } from "./names";

const MOST = 20;

export function Paths({ map }: PartProps) {
  const { t, number } = useWords();
  const names = useNames(map);
  const steps = [...map.touchpoint_transitions].sort((a, b) => b.cases - a.cases).slice(0, MOST);
  return (
    <>
      <Box title={t("insight.paths")} why={t("insight.paths_why")}>
        <ul className="rows">
          {map.variants.slice(0, MOST).map((variant) => (
            <li key={variant.path.join(" ")}>
              <span className="share-of" aria-hidden>
                <span style={{ width: `${100 * variant.share}%` }} />
              </span>
              <strong className="n">{number(variant.share, "share")}</strong>
              <ol className="path grow">
                {variant.path.map((event, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: an event may come twice
                  <li key={at}>{event}</li>
                ))}
              </ol>
              <span className="quiet">{t("insight.cases", { n: variant.cases })}</span>
            </li>
          ))}
        </ul>
      </Box>
      <Box title={t("insight.steps")}>
        <div className="box-body">
          <Scroll label={t("insight.steps")}>
            <table>
              <Heads columns={[t("frame.from_to"), [t("frame.cases")], [t("insight.median")]]} />
              <tbody>
                {steps.map((step) => (
                  <tr key={`${step.from} ${step.to}`}>
                    <th scope="row">
                      {names.touchpoint(step.from)} → {names.touchpoint(step.to)}
                    </th>
                    <td className="n">{number(step.cases, "integer")}</td>
                    <td className="n">{number(step.median_s, "duration")}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </div>
      </Box>
    </>
  );
}
