import type { DialogEntry } from '../../sip/events/dialog-info.ts';

/** What one subscription shows now. */
export interface DialogList {
  /** Live entries, oldest first, then those that ended since the last call, each once. */
  take(): readonly DialogEntry[];
  /** Who may see what, or how it is told, has changed: has news if that makes a difference here. */
  rescope(): void;
  dispose(): void;
}
