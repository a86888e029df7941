// An emotion from −2 to +2 as a number with its colour.
import { useWords } from "../i18n";

export function Feeling({ score }: { score: number | null }) {
  const { number } = useWords();
  const tone = score === null || Math.abs(score) < 0.25 ? "" : score < 0 ? "tone-pain" : "tone-delight";
  return <span className={`feeling ${tone}`}>{number(score, "score")}</span>;
}
