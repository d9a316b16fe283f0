import { withoutNumbers, withoutSecrets } from '../../../../shared/phone/redaction.ts';
import type { TraceEntry } from '../../../sip/trace.ts';
import type { LogEntry } from './phone-log.ts';

export interface ReportParts {
  /** What the app and the machine are, by name. */
  readonly about: Readonly<Record<string, string>>;
  readonly log: readonly LogEntry[];
  readonly trace: readonly TraceEntry[];
  readonly numbers: 'kept' | 'removed';
}

const MARKS = { sent: '→ sent', received: '← received', note: '· note' } as const;

/** Everything that support asks for, as one text in the order in which it happened; times in UTC. Secrets are always gone. */
export function writeReport({ about, log, trace, numbers }: ReportParts): string {
  const head = Object.entries(about).map(([name, value]) => `${name}: ${value}`);
  const happened = [
    ...log.map(({ at, text }) => ({ at, text: `${timeOf(at)} · ${text}` })),
    ...trace.map(({ at, direction, text }) => ({
      at,
      text: `${timeOf(at)} ${MARKS[direction]}\n${text.trimEnd()}\n`,
    })),
  ].toSorted((a, b) => a.at - b.at);
  const report = withoutSecrets(
    ['Parkline report', ...head, '', ...happened.map(({ text }) => text), ''].join('\n'),
  );
  return numbers === 'removed' ? withoutNumbers(report) : report;
}

const timeOf = (at: number): string => new Date(at).toISOString();
