import type { CallKit } from './call-kit.ts';
import type { Leg } from './leg.ts';
import { formatIdentity, hostOf } from './party.ts';

/**
 * Tells a phone by UPDATE whom it talks to now; it would go on showing whom it dialled, or who called (RFC 3325 identity, in the manner
 * of RFC 4916). An UPDATE refreshes the session, so that it says of its timer what every refresh says: left out, there would be none any
 * more (RFC 4028 §7.2).
 * @param asserted the value of P-Asserted-Identity
 */
export function tellWho(leg: Leg, asserted: string): void {
  const takesUpdate = leg.takes('UPDATE');
  const worthTrying = takesUpdate === 'yes' || (takesUpdate === 'unsaid' && isWebRtc(leg));
  if (leg.ended || !worthTrying) return;
  const headers = [
    ['P-Asserted-Identity', asserted],
    ['Supported', 'timer'],
    ...leg.liveness.headers,
  ] as const;
  leg.request('UPDATE', { headers }, (outcome) => {
    const accepted = outcome.kind === 'response' && outcome.response.status < 300;
    if (accepted && !leg.ended) leg.liveness.answered(outcome.response);
  });
}

/** The same of the party of another leg. */
export function tellPartner(kit: CallKit, leg: Leg, partner: Leg): void {
  const tenant = kit.directory.tenant(leg.party.tenantId);
  tellWho(leg, formatIdentity(partner.identity, hostOf(tenant, leg.flow)));
}

/** JsSIP's 200 says nothing of what it takes; it takes UPDATE, and another that does not refuses it in peace. */
const isWebRtc = ({ media }: Leg): boolean => media.kind === 'webrtc';
