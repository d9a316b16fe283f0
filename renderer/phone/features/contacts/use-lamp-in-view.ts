import { useEffect, useRef, type RefObject } from 'react';
import { useSession } from '../../session-context.tsx';

/** Has the lamp of this extension watched while its row can be seen. `null`: there is nobody to watch. */
export function useLampInView(extension: string | null): RefObject<HTMLLIElement | null> {
  const row = useRef<HTMLLIElement>(null);
  const { lamps } = useSession();
  useEffect(() => {
    const element = row.current;
    if (element === null || extension === null) return;
    let shown = lamps.show(extension);
    let visible = true;
    const observer = new IntersectionObserver((entries) => {
      const now = entries.at(-1)?.isIntersecting === true;
      if (now === visible) return;
      visible = now;
      if (now) shown = lamps.show(extension);
      else shown.dispose();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      if (visible) shown.dispose();
    };
  }, [lamps, extension]);
  return row;
}
