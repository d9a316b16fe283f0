import { useCallback, useEffect, useRef, type RefCallback } from 'react';

/**
 * Keeps the focus where there is something to do: when the button that was pressed leaves with its call, or with what could be done
 * to it, the call on the screen has the focus; when the last call leaves, the view that is open. One that was only out of use for a
 * moment has it again. It is never taken from elsewhere.
 */
export function useFocusKept(): RefCallback<HTMLElement> {
  const panel = useRef<HTMLElement | null>(null);
  const last = useRef<HTMLElement | null>(null);
  useEffect(() => {
    const isInside = (target: EventTarget | null): target is HTMLElement =>
      target instanceof HTMLElement && panel.current?.contains(target) === true;
    const look = ({ target }: Event) => {
      last.current = isInside(target) ? target : null;
    };
    // A press beside everything takes the focus away on purpose.
    const leave = ({ target }: Event) => {
      if (!isInside(target)) last.current = null;
    };
    document.addEventListener('focusin', look);
    document.addEventListener('pointerdown', leave, true);
    return () => {
      document.removeEventListener('focusin', look);
      document.removeEventListener('pointerdown', leave, true);
    };
  }, []);
  useEffect(() => {
    const had = last.current;
    if (had === null || document.activeElement !== document.body) return;
    if (!had.isConnected) heir(panel.current)?.focus({ preventScroll: true });
    else if (!had.matches(':disabled')) had.focus({ preventScroll: true });
  });
  return useCallback((element: HTMLElement | null) => {
    panel.current = element;
  }, []);
}

function heir(panel: HTMLElement | null): HTMLElement | null {
  return (
    panel?.querySelector<HTMLElement>('article.active') ??
    panel?.querySelector<HTMLElement>('article button') ??
    document.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')
  );
}
