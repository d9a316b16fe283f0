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
  return untilAgreed(session, clock, () =>
    session.isOnHold().local === hold
      ? Promise.resolve('agreed')
      : whenReady(session, () => offerHold(session, hold, clock)),
  );
}

/**
 * Offers another path for the sound (RFC 8445 §2.4, RFC 8839 §4.4.1.1.1): the network has changed under the call. The old path
 * serves as long as it does.
 *
 * @returns whether the far side agreed; the call goes on either way
 */
export async function restartIce(session: RTCSession, clock: Clock): Promise<boolean> {
  const inner: unknown = session;
  return untilAgreed(session, clock, () =>
    whenReady(session, () =>
      reoffering(inner) ? reinvite(inner, clock, { iceRestart: true }) : Promise.resolve('refused'),
    ),
  );
}

type OfferOutcome = 'agreed' | 'refused' | 'glare' | 'not-ready';

/** Offers again after RFC 3261 §14.1's time when both sides did at once, and soon when an earlier offer is still open. */
async function untilAgreed(
  session: RTCSession,
  clock: Clock,
  offer: () => Promise<OfferOutcome>,
): Promise<boolean> {
  for (let attempt = 0; attempt <= RETRIES; attempt += 1) {
    if (!session.isEstablished()) return false;
    const outcome = await offer();
    if (outcome === 'agreed') return true;
    if (outcome === 'refused') return false;
    await pause(clock, outcome === 'glare' ? 2_100 + Math.random() * 1_900 : 250);
  }
  return false;
}

const whenReady = (
  session: RTCSession,
  offer: () => Promise<OfferOutcome>,
): Promise<OfferOutcome> => (session.isReadyToReOffer() ? offer() : Promise.resolve('not-ready'));

async function offerHold(session: RTCSession, hold: boolean, clock: Clock): Promise<OfferOutcome> {
  const inner: unknown = session;
  if (!reoffering(inner)) return publicHold(session, hold);
  const show = (held: boolean) => {
    inner._localHold = held;
    if (held) inner._onhold('local');
    else inner._onunhold('local');
  };
  show(hold);
  const outcome = await reinvite(inner, clock);
  if (outcome !== 'agreed' && session.isEstablished() && inner._localHold === hold) show(!hold);
  return outcome;
}

function reinvite(
  inner: ReofferingSession,
  clock: Clock,
  constraints?: RTCOfferOptions,
): Promise<OfferOutcome> {
  return new Promise((resolve) => {
    const over = (outcome: OfferOutcome) => {
      limit.dispose();
      resolve(outcome);
    };
    const limit = clock.after(GIVE_UP_MS, () => over('refused'));
    inner._sendReinvite({
      ...(constraints && { rtcOfferConstraints: constraints }),
      eventHandlers: {
        succeeded: () => over('agreed'),
        failed: (response) => over(isGlare(response) ? 'glare' : 'refused'),
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
