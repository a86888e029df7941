// A document as it is kept: without what is as by default, so that two that mean the same are the same.

export function bare<T>(value: T): T {
  if (Array.isArray(value)) return value.map(bare) as T;
  if (!value || typeof value !== "object") return value;
  const kept = Object.entries(value)
    .map(([key, each]) => [key, bare(each)] as const)
    .filter(([key, each]) => !isDefault(key, each));
  return Object.fromEntries(kept) as T;
}

const DEFAULTS: Record<string, unknown> = {
  importance: "medium",
  moment_of_truth: false,
  state: "as_is",
  trim: false,
  case: "customer",
  nth: 1,
};

export function isDefault(key: string, value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    DEFAULTS[key] === value ||
    (typeof value === "object" && Object.keys(value).length === 0)
  );
}
