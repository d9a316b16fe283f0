import type { PageRestart } from '../../../shared/bridge/contract.ts';
import type { CallEnd, CallNotice, ParkReceipt } from '../../../shared/phone/call.ts';
import type { Forwarding, ForwardingFailure } from '../../../shared/domain/call-forwarding.ts';
import type { QualitySummary } from '../../../shared/phone/call-quality.ts';
import type { DeviceRole } from '../../../shared/phone/device-choice.ts';
import type { PartyText } from '../../../shared/phone/park-report.ts';
import type { RetrieveProblem } from '../../../shared/phone/retrieve-problem.ts';

/** Something the user is told once; it leaves by itself or when dismissed. */
export interface Notice {
  readonly id: number;
  readonly what: NoticeContent;
}

export type NoticeContent =
  | { readonly kind: 'parked'; readonly receipt: ParkReceipt; readonly party: PartyText }
  | { readonly kind: 'transferred'; readonly party: PartyText }
  | {
      readonly kind: 'retrieve-failed';
      readonly problem: RetrieveProblem;
      readonly party: PartyText | null;
    }
  | { readonly kind: 'call-over'; readonly end: CallEnd; readonly party: PartyText }
  | { readonly kind: 'call-trouble'; readonly notice: CallNotice; readonly party: PartyText }
  /** The call that ended sounded poor. */
  | {
      readonly kind: 'sounded-poor';
      readonly quality: QualitySummary;
      readonly party: PartyText;
    }
  /** A device that was chosen went or came back, and this one is used now; '' is the system's default. */
  | {
      readonly kind: 'device-changed';
      readonly role: DeviceRole;
      readonly change: 'gone' | 'back';
      readonly label: string;
    }
  | { readonly kind: 'forwarding-saved'; readonly forwarding: Forwarding }
  | { readonly kind: 'forwarding-failed'; readonly reason: ForwardingFailure }
  | { readonly kind: 'park-hint' }
  /** The window had crashed and was started anew. */
  | { readonly kind: 'restarted'; readonly restart: PageRestart | null }
  /** What draws the window had crashed and was started anew. */
  | { readonly kind: 'graphics-restarted' }
  | { readonly kind: 'demo-ringing' }
  | {
      readonly kind: 'demo-failed';
      readonly reason: 'offline' | 'refused' | 'not-found' | 'busy' | 'server';
    }
  | { readonly kind: 'snoozed' }
  | {
      readonly kind: 'snooze-failed';
      readonly reason: 'offline' | 'refused' | 'not-found' | 'busy' | 'server';
    }
  | { readonly kind: 'not-dialled'; readonly why: 'offline' | 'empty' }
  | { readonly kind: 'copied'; readonly text: string };

/** How long it stays, ms; `null` until dismissed. */
export function noticeLasts(what: NoticeContent): number | null {
  switch (what.kind) {
    case 'parked':
      // A code is there to be read and copied; another PBX gives none.
      return what.receipt.retrieveCode === null ? 8_000 : 20_000;
    case 'restarted':
      return 20_000;
    case 'retrieve-failed':
    case 'call-trouble':
      return 12_000;
    case 'copied':
    case 'snoozed':
    case 'demo-ringing':
      return 4_000;
    default:
      return 8_000;
  }
}

export function isProblem(what: NoticeContent): boolean {
  switch (what.kind) {
    case 'parked':
    case 'transferred':
    case 'copied':
    case 'snoozed':
    case 'demo-ringing':
    case 'park-hint':
    case 'device-changed':
    case 'forwarding-saved':
      return false;
    case 'call-over':
      return (
        what.end.kind === 'failed' ||
        what.end.kind === 'connection-lost' ||
        what.end.kind === 'hold-failed'
      );
    default:
      return true;
  }
}
