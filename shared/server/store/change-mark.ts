import { epochMs, type EpochMs } from '../../domain/ids.ts';

/** Who saved something, and when. */
export interface ChangeMark {
  /** Name of the admin; empty: the command line, or the server itself. */
  readonly by: string;
  readonly at: EpochMs;
}

/** The mark of what is saved now, beside the version it has. */
export interface SavedMark extends ChangeMark {
  readonly version: number;
}

/** The mark of what no admin did. */
export const UNMARKED: ChangeMark = { by: '', at: epochMs(0) };
