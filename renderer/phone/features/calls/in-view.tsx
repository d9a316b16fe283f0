import { useEffect, useRef, type ReactNode } from 'react';

/** Scrolled into view when it comes, as little as needed and without the focus; after a press that is under way. */
export function InView({ children }: { readonly children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const show = () => {
      if (box.current !== null) scrollTo(box.current);
    };
    if (document.querySelector('button:active') === null) {
      show();
      return;
    }
    const waiting = new AbortController();
    const when = { signal: waiting.signal, once: true };
    // Later than the press itself, which acts as its button is let go.
    const later = () => requestAnimationFrame(show);
    document.addEventListener('pointerup', later, when);
    document.addEventListener('pointercancel', later, when);
    return () => waiting.abort();
  }, []);
  return (
    <div ref={box} className="arriving">
      {children}
    </div>
  );
}

/** Nobody means what comes under the pointer in this time, ms. */
const UNMEANT_MS = 400;

/** Where that moves the buttons of the other calls, they take no press for a moment: it was meant for another of them. */
function scrollTo(box: HTMLElement): void {
  const before = box.getBoundingClientRect().top;
  box.scrollIntoView({ block: 'nearest' });
  const panel = box.parentElement;
  if (panel === null || box.getBoundingClientRect().top === before) return;
  panel.style.pointerEvents = 'none';
  setTimeout(() => panel.style.removeProperty('pointer-events'), UNMEANT_MS);
}
