const OUTSIDE = new Set(['http:', 'https:', 'mailto:']);

/** The link as we would write it ourselves, or `null` when its scheme may not leave the app. */
export function safeOutsideLink(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (!OUTSIDE.has(url.protocol) || url.username !== '' || url.password !== '') return null;
  return url.href;
}
