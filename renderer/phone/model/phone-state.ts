import type { EpochMs } from '../../../shared/domain/ids.ts';
import type { FeatureCodes } from '../../../shared/domain/feature-code.ts';
import type { Forwarding } from '../../../shared/domain/call-forwarding.ts';
import { noCalls } from '../../../shared/phone/call-list.ts';
import type { CallList } from '../../../shared/phone/call.ts';
import type { MessageSummary } from '../../../shared/phone/voicemail.ts';
import { newBoard, type Board } from '../../../shared/phone/park-board.ts';
import type { PbxProfile } from '../../../shared/phone/pbx-profile.ts';
import type { MicrophoneStatus } from '../../sip/audio/microphone.ts';
import type { CallQuality, LineState } from '../../sip/phone-line.ts';
import { profileOfAccount, type Account } from './account.ts';
import type { Notice } from './notice.ts';

/** Where a call was parked before I retrieved it, for Put back. */
export interface PutBack {
  readonly callId: string;
  readonly slot: string;
  readonly code: string;
  readonly note: string | null;
}

export interface DirectoryEntry {
  readonly extension: string;
  readonly displayName: string;
  readonly registered: boolean;
  readonly doNotDisturb: boolean;
}

/** The parts that need our server (WIRE §10b). */
export type ServerParts =
  /** Another PBX: directory, history of parked calls and demo caller are absent, not broken. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'loading' }
  | {
      readonly kind: 'ready';
      readonly directory: readonly DirectoryEntry[];
      readonly loadedAt: EpochMs;
    };

/** All that the screen shows of one account. */
export interface PhoneState {
  readonly account: Account;
  readonly displayName: string;
  /** My Call Park group's name; `null` when there is none or the server does not say. */
  readonly group: string | null;
  /** How this account's PBX does things, and what the app leaves out there. */
  readonly pbx: PbxProfile;
  readonly codes: FeatureCodes;
  readonly line: LineState;
  readonly calls: CallList;
  /** The call the panel shows large; `null` when there is none. */
  readonly shownCall: string | null;
  readonly board: Board;
  readonly parkListSupported: boolean;
  readonly putBack: PutBack | null;
  /** A retrieve that waits for the user's yes, because somebody is talking. */
  readonly askingFor: string | null;
  readonly notices: readonly Notice[];
  readonly microphone: MicrophoneStatus;
  /** The browser wants a press before it plays sound. */
  readonly soundBlocked: boolean;
  readonly server: ServerParts;
  /** How the calls sound now, by call. */
  readonly qualities: ReadonlyMap<string, CallQuality>;
  /** The voicemail lamp; `null` while the PBX has not told. */
  readonly voicemail: MessageSummary | null;
  /** My calls' forwarding at the server; `null` where the server has none or has not told. */
  readonly forwarding: Forwarding | null;
  /** Waits to be put into the dialler's field. */
  readonly toDial: string | null;
}

export function newPhoneState(account: Account): PhoneState {
  const pbx = profileOfAccount(account);
  return {
    account,
    displayName: '',
    group: null,
    pbx,
    codes: pbx.codes,
    line: { kind: 'stopped' },
    calls: noCalls(),
    shownCall: null,
    board: newBoard(account.extension),
    parkListSupported: true,
    putBack: null,
    askingFor: null,
    notices: [],
    microphone: { kind: 'closed' },
    soundBlocked: false,
    qualities: new Map(),
    voicemail: null,
    forwarding: null,
    toDial: null,
    server: { kind: account.apiBaseUrl === null || !pbx.parts.serverParts ? 'absent' : 'loading' },
  };
}
