/** What the engine's thread and the loop's thread say to each other. */
import type { MessagePort } from 'node:worker_threads';
import type { LegStats } from '../../engine.ts';
import type { NetworkProblem } from '../local-network.ts';
import type { LoopSite, PacketLoopOptions } from './build-packet-loop.ts';
import type { CertificateHandle, LoopCommand, LoopEvent, LoopLegId } from './media-loop.ts';

export interface LoopThreadData {
  readonly options: PacketLoopOptions;
  /** Where answers to questions go; `signal` (one 32-bit word) counts them, so that the asker can wait. */
  readonly answers: MessagePort;
  readonly signal: SharedArrayBuffer;
}

export type ToLoop =
  | { readonly kind: 'commands'; readonly commands: readonly LoopCommand[] }
  /** Answered on `answers`, in order. */
  | { readonly kind: 'question'; readonly question: LoopQuestion }
  | { readonly kind: 'want-certificate' }
  | { readonly kind: 'close' };

export type FromLoop =
  | { readonly kind: 'ready'; readonly site: LoopSite }
  | { readonly kind: 'refused'; readonly problem: NetworkProblem }
  | { readonly kind: 'events'; readonly events: readonly LoopEvent[] }
  | { readonly kind: 'certificate'; readonly certificate: CertificateHandle };

/** What the engine's thread may have to wait for. */
export type LoopQuestion =
  | { readonly kind: 'pairs'; readonly bind: string; readonly count: number }
  | { readonly kind: 'stats'; readonly leg: LoopLegId };

export type LoopAnswer =
  | { readonly kind: 'pairs'; readonly bind: string; readonly ports: readonly number[] }
  | { readonly kind: 'stats'; readonly stats: LegStats | undefined };
