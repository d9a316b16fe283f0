import type { DialogEntry } from '../../sip/events/dialog-info.ts';

/** What one subscription shows now. */
export interface DialogList {
  /** Live entries, oldest first, then those that ended since the last call, each once. */
  take(): readonly DialogEntry[];
  dispose(): void;
}
