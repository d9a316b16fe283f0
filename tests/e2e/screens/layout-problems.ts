/**
 * Runs in the page: what a reader at this width and text size would trip over. Text cut by its box, boxes of controls that overlap,
 * sideways scrolling, targets under 24 px (WCAG 2.2, 2.5.8).
 */
export function layoutProblems(): string[] {
  const problems: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth + 1) {
    problems.push(`sideways scrolling: ${root.scrollWidth} in ${root.clientWidth}`);
  }
  const visible = (element: Element) => {
    const { width, height } = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return (
      width > 0 &&
      height > 0 &&
      style.visibility !== 'hidden' &&
      element.closest('.visually-hidden, [aria-hidden="true"], [inert]') === null
    );
  };
  const name = (element: Element) =>
    `${element.className || element.tagName} "${(element.textContent ?? '').trim().slice(0, 40)}"`;
  const ownText = (element: Element) =>
    [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '',
    );
  for (const element of document.querySelectorAll<HTMLElement>('#root *, #alerts *, body > *')) {
    if (!visible(element) || !ownText(element)) continue;
    const { overflowX, overflowY } = getComputedStyle(element);
    const clips = overflowX !== 'visible' && overflowX !== 'auto' && overflowX !== 'scroll';
    const clipsDown = overflowY !== 'visible' && overflowY !== 'auto' && overflowY !== 'scroll';
    const wide = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
    const tall = element.scrollHeight > element.clientHeight + 2 && element.clientHeight > 0;
    if ((clips && wide) || (clipsDown && tall)) {
      problems.push(`cut: ${(element.textContent ?? '').trim().slice(0, 60)}`);
    }
    const { left, right } = element.getBoundingClientRect();
    if (left < -1 || right > root.clientWidth + 1) problems.push(`outside: ${name(element)}`);
  }
  const controls = [
    ...document.querySelectorAll<HTMLElement>(
      // A slider's input is hidden in its thumb, which is what a finger takes hold of.
      'button, input:not([type="range"]), [role="tab"], .volume-thumb',
    ),
  ].filter((element) => visible(element) && element.closest('label') === null);
  const placed = (element: Element) =>
    element.closest('.notices, .overlay, .popover') !== null ? 'above' : 'page';
  for (const control of controls) {
    const box = control.getBoundingClientRect();
    if (box.width < 24 || box.height < 24) problems.push(`small target: ${name(control)}`);
  }
  const scrollParent = (element: Element) =>
    element.closest('.cards, .main-scroll, .tab-bar, .header');
  for (let i = 0; i < controls.length; i += 1) {
    for (let j = i + 1; j < controls.length; j += 1) {
      const [a, b] = [controls[i], controls[j]];
      if (a === undefined || b === undefined || placed(a) !== placed(b)) continue;
      if (scrollParent(a) !== scrollParent(b) || a.contains(b) || b.contains(a)) continue;
      const [p, q] = [a.getBoundingClientRect(), b.getBoundingClientRect()];
      const across = Math.min(p.right, q.right) - Math.max(p.left, q.left);
      const down = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      if (across > 1 && down > 1) problems.push(`overlap: ${name(a)} and ${name(b)}`);
    }
  }
  return problems;
}
