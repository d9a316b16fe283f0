import { useEffect, useRef } from 'react';
import { useSession } from '../phone/session-context.tsx';

type Paint = () => void;

/** One second hand for the whole page. It writes text straight into the page: five hundred waiting times are no reason to render. */
const painters = new Set<Paint>();
let timer: ReturnType<typeof setInterval> | null = null;

function join(paint: Paint): () => void {
  painters.add(paint);
  timer ??= setInterval(() => {
    for (const each of painters) each();
  }, 1000);
  return () => {
    painters.delete(paint);
    if (painters.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

interface TickingProps {
  /** The text at a time; called once a second. */
  readonly text: (now: number) => string;
  readonly className?: string;
}

/** Text that follows the clock. Never announced by itself. */
export function Ticking({ text, className = '' }: TickingProps) {
  const { clock } = useSession().world;
  const element = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const paint = () => {
      const next = text(clock.now());
      if (element.current !== null && element.current.textContent !== next)
        element.current.textContent = next;
    };
    paint();
    return join(paint);
  }, [clock, text]);
  return (
    <span ref={element} className={`ticking ${className}`}>
      {text(clock.now())}
    </span>
  );
}
