import { URI } from 'jssip';
import type { ParkSource, PbxProfile } from '../../shared/phone/pbx-profile.ts';
import type { SignallingSocket } from './signalling-socket.ts';

export interface LineAccount {
  readonly extension: string;
  readonly password: string;
  /** SIP domain, e.g. `pbx.example`. */
  readonly domain: string;
  readonly webSocketUrl: string;
  readonly displayName: string | null;
  /** From where it learns what is parked. */
  readonly parkSource: ParkSource;
  /** Whether `X-Park-Recall` is the PBX's own word. */
  readonly marksRecalls: boolean;
  /** Whether it watches a voicemail box, and what plays the messages unless the PBX says it. */
  readonly voicemail: PbxProfile['voicemail'];
  /** UUID, stable per profile and account (RFC 5626): a device keeps its identity across restarts. */
  readonly instanceId: string;
}

/** Above any ring time: a recall may ring as long as the tenant's timer says (WIRE §9). */
const NO_ANSWER_TIMEOUT_S = 3_700;
const REGISTER_EXPIRES_S = 300;

/** What JsSIP's user agent is told about one account. */
export function configurationOf(account: LineAccount, userAgent: string, socket: SignallingSocket) {
  return {
    sockets: [socket],
    uri: new URI('sip', account.extension, account.domain).toString(),
    password: account.password,
    authorization_user: account.extension,
    ...(account.displayName === null ? {} : { display_name: account.displayName }),
    instance_id: account.instanceId,
    register_expires: REGISTER_EXPIRES_S,
    no_answer_timeout: NO_ANSWER_TIMEOUT_S,
    // A refresh that meets a broken connection would end the call; the server watches the media instead (WIRE §10).
    session_timers: false,
    connection_recovery_min_interval: 1,
    connection_recovery_max_interval: 2,
    user_agent: userAgent,
  };
}
