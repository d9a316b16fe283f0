/** A NOTIFY, by its body, and whose line it comes by. */
export interface ToldList {
  readonly account: 'first' | 'second';
  readonly body: string;
}

/** What a page does while its frames are watched. */
export interface FramePlan {
  /** The element that is scrolled up and down. */
  readonly scroller: string;
  /** Pixels a frame. */
  readonly pixelsPerFrame: number;
  /** NOTIFYs for the phone's lines, one every `everyMs`; the watch ends with the last. */
  readonly documents: readonly ToldList[];
  /** Milliseconds. */
  readonly everyMs: number;
}

export interface FrameReport {
  /** Time between the starts of two frames, in ms, in order. */
  readonly frames: readonly number[];
  /** What the browser itself called a long frame (over 50 ms), with the work that it blames. */
  readonly long: readonly { readonly ms: number; readonly blamed: string }[];
  /** Pixels. */
  readonly scrolledBy: number;
}

/** The gallery's stage (tests/e2e/screens/gallery), as far as it is needed. */
export interface StageWindow {
  stage: Record<
    'say' | 'sayOther',
    (event: { kind: 'park-list'; event: { kind: 'document'; body: string } }) => void
  > & { addAccount(parked: readonly never[]): unknown };
}

/** Runs in the gallery's page, so all that it uses stands inside: scrolls, lets the list change, and measures every frame. */
export async function watchFrames(plan: FramePlan): Promise<FrameReport> {
  const scroller = document.querySelector(plan.scroller);
  if (scroller === null) throw new Error(`no ${plan.scroller}`);
  const { stage } = window as unknown as StageWindow;
  const frames: number[] = [];
  const long: { ms: number; blamed: string }[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { scripts = [] } = entry as PerformanceEntry & { scripts?: PerformanceEntry[] };
      const blamed = scripts.map(({ name, duration }) => `${name} ${Math.round(duration)} ms`);
      long.push({ ms: entry.duration, blamed: blamed.join(', ') || 'style, layout and paint' });
    }
  });
  observer.observe({ type: 'long-animation-frame' });

  let [direction, scrolledBy, said, over] = [1, 0, 0, false];
  const timer = setInterval(() => {
    const told = plan.documents[said];
    said += 1;
    if (told === undefined) {
      over = true;
      return;
    }
    const { account, body } = told;
    const say = account === 'first' ? stage.say : stage.sayOther;
    say.call(stage, { kind: 'park-list', event: { kind: 'document', body } });
  }, plan.everyMs);
  await new Promise<void>((resolve) => {
    let last: number | null = null;
    let top = scroller.scrollTop;
    const onFrame = (now: number): void => {
      if (last !== null) frames.push(now - last);
      last = now;
      // Layout of the frame before is done: this reads without forcing it.
      if (scroller.scrollTop !== top) direction = -direction;
      else scrolledBy += plan.pixelsPerFrame;
      top = scroller.scrollTop + direction * plan.pixelsPerFrame;
      scroller.scrollTop = top;
      if (over) resolve();
      else requestAnimationFrame(onFrame);
    };
    requestAnimationFrame(onFrame);
  });
  clearInterval(timer);
  observer.disconnect();
  return { frames, long, scrolledBy };
}
