// A table that may be wider than its place: it scrolls, by keyboard too.
import type { ReactNode } from "react";

export function Scroll({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={`scroll ${className ?? ""}`} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
