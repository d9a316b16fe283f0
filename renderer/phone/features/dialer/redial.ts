import type { HistoryRecord } from '../../model/history.ts';
import type { Session } from '../../model/session.ts';

/** What was dialled last; `null` when nothing was yet. */
export function lastDialledOf({ entries }: Pick<HistoryRecord, 'entries'>): string | null {
  const last = entries.find(({ kind, dialled }) => kind === 'outgoing' || dialled !== undefined);
  return last?.dialled ?? last?.number ?? null;
}

/** Puts the last number into the dialler's field; a further press of Call dials it. */
export function redial({ phone, history }: Session): void {
  const last = lastDialledOf(history.state.getState());
  if (last === null) phone.notify({ kind: 'not-dialled', why: 'empty' });
  else phone.update({ toDial: last });
}
