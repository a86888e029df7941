// Numbers as a reader of each language writes them: the same kinds as src/desirepath/locale/numbers.py.

type Say = (key: string, params: { n: number; count: number }) => string;

export const NOTHING = "–";
const UNITS = [
  ["year", 31_536_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;
const BYTES = [
  ["gigabyte", 1e9],
  ["megabyte", 1e6],
  ["kilobyte", 1e3],
] as const;

const made = new Map<string, Intl.NumberFormat>();

function format(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = language + JSON.stringify(options);
  const known = made.get(key) ?? new Intl.NumberFormat(language, options);
  made.set(key, known);
  return known;
}

const minus = (text: string) => text.replace("-", "−");

export const kinds = {
  integer: (v: number, l: string) => minus(format(l, { maximumFractionDigits: 0 }).format(v)),
  decimal: (v: number, l: string) => minus(format(l, { maximumFractionDigits: Math.abs(v) < 1000 ? 1 : 0 }).format(v)),
  fixed: (v: number, l: string) => minus(format(l, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(v)),
  bytes: (v: number, l: string) => {
    const [unit, size] = BYTES.find(([, each]) => v >= each) ?? BYTES[2];
    return format(l, { style: "unit", unit, maximumFractionDigits: v < 10 * size ? 1 : 0 }).format(v / size);
  },
  score: (v: number, l: string) =>
    minus(format(l, { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "negative" }).format(v)).replace(
      /^(?=[\d.,]*[1-9])/,
      v > 0 ? "+" : "",
    ),
  points: (v: number, l: string) => minus(format(l, { maximumFractionDigits: 0, signDisplay: "exceptZero" }).format(v)),
  share: (v: number, l: string) =>
    minus(
      format(l, {
        style: "percent",
        maximumFractionDigits: v && Math.abs(v) < 0.0995 ? 1 : 0,
        minimumFractionDigits: v && Math.abs(v) < 0.0995 ? 1 : 0,
      }).format(v),
    ),
};

/** A day in UTC: `4 Mar 2026`, `2026年3月4日`. */
export function date(value: string, language: string): string {
  const day = new Date(value);
  if (language !== "en") {
    return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" }).format(day);
  }
  const month = new Intl.DateTimeFormat("en-US", { month: "short", timeZone: "UTC" }).format(day);
  return `${day.getUTCDate()} ${month} ${day.getUTCFullYear()}`;
}

/** A moment where the reader is, to the minute. */
export function moment(value: string, language: string): string {
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
    dateStyle: "medium",
    timeStyle: "short",
  }).format(new Date(value));
}

/** The two largest units, one where it is ten days or minutes and more: `2 d 4 h`, `46 d`. */
export function duration(seconds: number, say: Say): string {
  const unit = (name: string, n: number) => say(`unit.${name}`, { n, count: n });
  const whole = Math.abs(seconds);
  if (whole < 1) return unit("second", Math.round(seconds * 10) / 10);
  const first = UNITS.findIndex(([, size]) => whole >= size);
  const [name, size] = UNITS[first] ?? UNITS[4];
  const alone = (name === "day" || name === "minute") && whole >= 10 * size;
  const smallest = alone ? size : (UNITS[Math.min(first + 1, 4)] ?? UNITS[4])[1];
  let left = Math.round(whole / smallest) * smallest;
  const parts: string[] = [];
  for (const [each, length] of UNITS) {
    const count = Math.floor(left / length);
    left -= count * length;
    if (count) parts.push(unit(each, count));
  }
  return (seconds < 0 ? "−" : "") + parts.slice(0, 2).join(" ");
}
