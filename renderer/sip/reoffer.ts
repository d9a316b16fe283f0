import type { RTCSession } from 'jssip/lib/RTCSession';
import type { Clock } from '../../shared/domain/clock.ts';

/**
 * Hold and resume without JsSIP's habit of ending the call when the re-INVITE is refused: its public `hold` and `unhold` answer any
 * failure (a 491 is enough) with BYE. The same steps are taken here through the members they use themselves (JsSIP 3.13), with
 * RFC 3261 §14.1's retry after 491 and the old state restored on any other refusal.
 */
interface ReofferingSession {
  _localHold: boolean;
  _onhold(originator: 'local'): void;
  _onunhold(originator: 'local'): void;
  _sendReinvite(options: {
    rtcOfferConstraints?: RTCOfferOptions;
    eventHandlers: { succeeded: () => void; failed: (response?: unknown) => void };
  }): void;
}

const RETRIES = 2;
/** An unanswered re-INVITE, or one whose connection broke under it, is given up after this. */
const GIVE_UP_MS = 8_000;

function reoffering(session: unknown): session is ReofferingSession {
  if (typeof session !== 'object' || session === null) return false;
  return (
    '_localHold' in session &&
    '_onhold' in session &&
    typeof session._onhold === 'function' &&
    '_onunhold' in session &&
    typeof session._onunhold === 'function' &&
    '_sendReinvite' in session &&
    typeof session._sendReinvite === 'function'
  );
}

/** @returns whether the far side agreed; the call goes on either way */
export async function setHold(session: RTCSession, hold: boolean, clock: Clock): Promise<boolean> {
  for (let attempt = 0; attempt <= RETRIES; attempt += 1) {
    if (!session.isEstablished()) return false;
    if (session.isOnHold().local === hold) return true;
    const outcome = await offerOnce(session, hold, clock);
    if (outcome !== 'glare' && outcome !== 'not-ready') return outcome === 'agreed';
    await pause(clock, outcome === 'glare' ? 2_100 + Math.random() * 1_900 : 250);
  }
  return false;
}

/**
 * Offers another path for the sound (RFC 8445 §2.4, RFC 8839 §4.4.1.1.1): the network has changed under the call. The old path
 * serves as long as it does.
 *
 * @returns whether the far side agreed; the call goes on either way
 */
export async function restartIce(session: RTCSession, clock: Clock): Promise<boolean> {
  for (let attempt = 0; attempt <= RETRIES; attempt += 1) {
    if (!session.isEstablished()) return false;
    const outcome = await restartOnce(session, clock);
    if (outcome === 'agreed') return true;
    if (outcome === 'refused') return false;
    await pause(clock, outcome === 'glare' ? 2_100 + Math.random() * 1_900 : 250);
  }
  return false;
}

function restartOnce(session: RTCSession, clock: Clock): Promise<OfferOutcome> {
  const inner: unknown = session;
  if (!session.isReadyToReOffer()) return Promise.resolve('not-ready');
  if (!reoffering(inner)) return Promise.resolve('refused');
  return new Promise((resolve) => {
    const limit = clock.after(GIVE_UP_MS, () => resolve('refused'));
    const over = (outcome: OfferOutcome) => {
      limit.dispose();
      resolve(outcome);
    };
    inner._sendReinvite({
      rtcOfferConstraints: { iceRestart: true },
      eventHandlers: {
        succeeded: () => over('agreed'),
        failed: (response) => over(isGlare(response) ? 'glare' : 'refused'),
      },
    });
  });
}

type OfferOutcome = 'agreed' | 'refused' | 'glare' | 'not-ready';

function offerOnce(session: RTCSession, hold: boolean, clock: Clock): Promise<OfferOutcome> {
  if (!session.isReadyToReOffer()) return Promise.resolve('not-ready');
  const inner: unknown = session;
  if (!reoffering(inner)) return Promise.resolve(publicHold(session, hold));
  return new Promise((resolve) => {
    const show = (held: boolean) => {
      inner._localHold = held;
      if (held) inner._onhold('local');
      else inner._onunhold('local');
    };
    const undo = (outcome: OfferOutcome) => {
      limit.dispose();
      if (session.isEstablished() && inner._localHold === hold) show(!hold);
      resolve(outcome);
    };
    const limit = clock.after(GIVE_UP_MS, () => undo('refused'));
    show(hold);
    inner._sendReinvite({
      eventHandlers: {
        succeeded: () => {
          limit.dispose();
          resolve('agreed');
        },
        failed: (response) => undo(isGlare(response) ? 'glare' : 'refused'),
      },
    });
  });
}

function publicHold(session: RTCSession, hold: boolean): OfferOutcome {
  return (hold ? session.hold() : session.unhold()) ? 'agreed' : 'refused';
}

function isGlare(response: unknown): boolean {
  return (
    typeof response === 'object' &&
    response !== null &&
    'status_code' in response &&
    response.status_code === 491
  );
}

function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

/** An established call outlives the connection it was set up on; JsSIP would end it when a re-INVITE meets a broken one. */
export function surviveTransportErrors(session: RTCSession): void {
  const inner: unknown = session;
  if (typeof inner !== 'object' || inner === null || !('onTransportError' in inner)) return;
  const { onTransportError } = inner;
  if (typeof onTransportError !== 'function') return;
  Object.defineProperty(inner, 'onTransportError', {
    value: () => {
      if (!session.isEstablished()) onTransportError.call(session);
    },
  });
}
