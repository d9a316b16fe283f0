import { parseDecimal } from './characters.ts';
import { quote } from './quote.ts';
import { parseList } from './scanner.ts';
import type { Scanner } from './scanner.ts';

/** One value of Reason (RFC 3326), e.g. `SIP;cause=200;text="Call completed elsewhere"`. */
export interface Reason {
  readonly protocol: string;
  readonly cause?: number | undefined;
  readonly text?: string | undefined;
}

/** Empty when the value is malformed: a Reason never decides, it explains. */
export const parseReasons = (text: string): readonly Reason[] =>
  parseList(text, scanReason, 16) ?? [];

function scanReason(scanner: Scanner): Reason | undefined {
  scanner.skipSpace();
  const protocol = scanner.token();
  const params = protocol === '' ? undefined : scanner.params();
  if (params === undefined) return undefined;
  const cause = params.get('cause');
  return {
    protocol,
    cause: typeof cause === 'string' ? parseDecimal(cause, 999) : undefined,
    text: params.get('text') ?? undefined,
  };
}

/** `SIP;cause=410;text="Retrieved by 102"`. The text is always quoted (RFC 3326 §2). */
export const sipReason = (cause: number, text: string): string =>
  `SIP;cause=${cause};text=${quote(text)}`;
