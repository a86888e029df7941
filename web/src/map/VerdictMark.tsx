// A verdict as a small sign of its own shape, so that colour is not all that tells them apart.
import type { Verdict } from "../api/map";
import { useWords } from "../i18n";

const SHAPES: Record<Verdict, string> = {
  supported: "M3 8.5l3.2 3.2L13 5",
  contradicted: "M4 4l8 8M12 4l-8 8",
  stale: "M8 3.5V8l3 2",
  no_data: "M4.5 8h7",
};

export function VerdictMark({ verdict, named = false }: { verdict: Verdict; named?: boolean }) {
  const { t } = useWords();
  return (
    <svg className={`verdict ${verdict}`} viewBox="0 0 16 16" width="14" height="14" role="img" aria-hidden={!named}>
      <title>{t(`badge.${verdict}`)}</title>
      {verdict === "stale" && <circle cx="8" cy="8" r="6" />}
      <path d={SHAPES[verdict]} />
    </svg>
  );
}
