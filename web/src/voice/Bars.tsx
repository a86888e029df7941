// Counts side by side, the largest first.
import { useWords } from "../i18n";

export function Bars({ counts, name }: { counts: Record<string, number>; name: (key: string) => string }) {
  const { number } = useWords();
  const largest = Math.max(1, ...Object.values(counts));
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return (
    <ul className="bars">
      {sorted.map(([key, n]) => (
        <li key={key}>
          <span>{name(key)}</span>
          <span className="bar-of" aria-hidden>
            <span style={{ width: `${(100 * n) / largest}%` }} className={`state-${key}`} />
          </span>
          <span className="n">{number(n, "integer")}</span>
        </li>
      ))}
    </ul>
  );
}
