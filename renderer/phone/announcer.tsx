import { useEffect, useState } from 'react';
import { Emitter } from '../sip/emitter.ts';

interface Announcement {
  readonly id: number;
  readonly text: string;
}

const spoken = new Emitter<string | (() => string)>();
const STAYS_MS = 8_000;

/** Nobody listens to more than this within the time they stay. */
const MOST = 20;

/** Has a screen reader say this once. Words that are made only when asked for cost nothing in a storm of news, of which the rest is left out. */
export function announce(text: string | (() => string)): void {
  spoken.emit(text);
}

/** The page's one live region. Each announcement is a new element, so that the same words twice are said twice. */
export function Announcer() {
  const [said, setSaid] = useState<readonly Announcement[]>([]);
  useEffect(() => {
    let next = 1;
    const timers = new Set<ReturnType<typeof setTimeout>>();
    const listening = spoken.listen((made) => {
      if (timers.size >= MOST) return;
      const text = typeof made === 'string' ? made : made();
      const id = next;
      next += 1;
      setSaid((before) => [...before, { id, text }]);
      const timer = setTimeout(() => {
        timers.delete(timer);
        setSaid((before) => before.filter((each) => each.id !== id));
      }, STAYS_MS);
      timers.add(timer);
    });
    return () => {
      listening.dispose();
      for (const timer of timers) clearTimeout(timer);
    };
  }, []);
  return (
    <div
      className="visually-hidden"
      role="log"
      aria-live="polite"
      aria-relevant="additions"
      // Dialogs hide what is behind them from screen readers, but for what has this name.
      data-live-announcer="true"
      data-testid="announcer"
    >
      {said.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  );
}
