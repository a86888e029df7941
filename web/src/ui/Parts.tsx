// Links to the parts of a page, or to the pages: where there are more than fit, the one that one is at is in sight.
import { type ReactNode, useEffect, useRef } from "react";
import { useLocation } from "react-router";

export function Parts({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is another link
  useEffect(() => {
    const at = nav.current?.querySelector<HTMLElement>("[aria-current]");
    if (at && nav.current) nav.current.scrollLeft = at.offsetLeft - (nav.current.clientWidth - at.offsetWidth) / 2;
  }, [pathname]);
  return (
    <nav ref={nav} className={className} aria-label={label}>
      {children}
    </nav>
  );
}
