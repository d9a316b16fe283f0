import { PORTAL_RECALL_SECONDS } from '../../../shared/config/admin/park-groups.ts';
import type { ParkGroupView } from '../../../shared/config/admin/park-groups.ts';
import type { Problem, Problems } from './problem.ts';

export type Recall = ParkGroupView['recall'];
export type DestinationKind = Recall['destination']['kind'];

/** Recall rules as they are typed: times in seconds, as text. */
export interface RecallDraft {
  readonly destination: DestinationKind;
  /** Empty: none chosen. Kept when the destination needs none, so that going back and forth loses nothing. */
  readonly ringGroupId: string;
  readonly timer: string;
  readonly wait: string;
  readonly retry: string;
}

/** What is sent: ids are checked by the schema, not by the type. */
export type RecallBody =
  | { readonly kind: 'parker' }
  | { readonly kind: 'ring-group'; readonly ringGroupId: string }
  | {
      readonly kind: 'parker-then-ring-group';
      readonly ringGroupId: string;
      readonly waitMs: number;
    };

const USUAL_SECONDS = '300';
const RETRY_SECONDS = { least: 1, most: 900 } as const;

export function recallDraft({ timerMs, retryMs, destination }: Recall): RecallDraft {
  return {
    destination: destination.kind,
    ringGroupId: destination.kind === 'parker' ? '' : destination.ringGroupId,
    timer: secondsText(timerMs),
    wait:
      destination.kind === 'parker-then-ring-group'
        ? secondsText(destination.waitMs)
        : USUAL_SECONDS,
    retry: secondsText(retryMs),
  };
}

/** @param draft one without problems */
export function recallBody(draft: RecallDraft): {
  readonly timerMs: number;
  readonly retryMs: number;
  readonly destination: RecallBody;
} {
  return {
    timerMs: msOf(draft.timer),
    retryMs: msOf(draft.retry),
    destination: destinationBody(draft),
  };
}

/** What the portal does not take. A time that was set otherwise, outside of what it offers, may stay as it is. */
export function checkRecall(draft: RecallDraft, base: RecallDraft): Problems {
  const problems: Record<string, Problem> = {};
  const check = (field: string, key: 'timer' | 'wait' | 'retry', range: Range) => {
    const problem = draft[key] === base[key] ? null : checkSeconds(draft[key], range);
    if (problem !== null) problems[field] = problem;
  };
  check('recall.timerMs', 'timer', PORTAL_RECALL_SECONDS);
  check('recall.retryMs', 'retry', RETRY_SECONDS);
  if (draft.destination === 'parker-then-ring-group') {
    check('recall.destination.waitMs', 'wait', PORTAL_RECALL_SECONDS);
  }
  if (draft.destination !== 'parker' && draft.ringGroupId === '') {
    problems['ringGroupId'] = { id: 'problem.choose-ring-group' };
  }
  return problems;
}

interface Range {
  readonly least: number;
  readonly most: number;
}

/** What is wrong with a number of seconds as it is typed; `null` when nothing is. */
export function checkSeconds(text: string, { least, most }: Range): Problem | null {
  const seconds = /^\d{1,7}$/.test(text.trim()) ? Number(text) : Number.NaN;
  const fits = seconds >= least && seconds <= most;
  return fits ? null : { id: 'problem.seconds', values: { least, most } };
}

export function secondsText(ms: number): string {
  return String(ms / 1000);
}

export function msOf(seconds: string): number {
  return Math.round(Number(seconds) * 1000);
}

function destinationBody({ destination, ringGroupId, wait }: RecallDraft): RecallBody {
  switch (destination) {
    case 'parker':
      return { kind: 'parker' };
    case 'ring-group':
      return { kind: 'ring-group', ringGroupId };
    case 'parker-then-ring-group':
      return { kind: 'parker-then-ring-group', ringGroupId, waitMs: msOf(wait) };
  }
}
