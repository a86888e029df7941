// Makes what a box holds small enough to fit its width, or its width and height: the largest zoom at which nothing has to
// be scrolled. Tried out rather than reckoned, since narrower columns are higher.
import { useLayoutEffect, useRef } from "react";
import type { Fit } from "./view";

const LEAST = 0.15;
const TRIES = 7; // to within a hundredth
const CLOSE = 1.03;

/** For the box that scrolls; its children are zoomed by `--zoom`. Fitted anew when its width or `drawn` changes. */
export function useZoom<Box extends HTMLElement>(fit: Fit | null, drawn: unknown) {
  const ref = useRef<Box>(null);
  const before = useRef(fit);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is drawn may be larger than before
  useLayoutEffect(() => {
    const box = ref.current;
    if (!box) return;
    adjust(box, fit);
    if (fit === "whole" && before.current !== fit) box.scrollIntoView({ block: "start" });
    before.current = fit;
    if (!fit) return;
    const size = () => `${box.clientWidth} ${innerHeight}`;
    let known = size();
    const anew = () => {
      if (known === size()) return;
      adjust(box, fit);
      known = size();
    };
    const observer = new ResizeObserver(anew);
    observer.observe(box);
    addEventListener("resize", anew);
    return () => {
      observer.disconnect();
      removeEventListener("resize", anew);
    };
  }, [fit, drawn]);
  return ref;
}

function adjust(box: HTMLElement, fit: Fit | null) {
  const now = Number(box.style.getPropertyValue("--zoom") || 1);
  const at = (zoom: number) => {
    box.style.setProperty("--zoom", String(zoom));
    return box.scrollWidth <= box.clientWidth + 1 && (fit === "width" || box.scrollHeight <= box.clientHeight + 1);
  };
  if (!fit || at(1)) {
    box.style.removeProperty("--zoom");
    return;
  }
  const asBefore = now < 1 && at(now) && !at(now * CLOSE); // most edits change little
  if (asBefore) {
    at(now);
    return;
  }
  let [fitting, large] = [LEAST, 1];
  for (let i = 0; i < TRIES; i++) {
    const zoom = (fitting + large) / 2;
    if (at(zoom)) fitting = zoom;
    else large = zoom;
  }
  at(fitting);
}
