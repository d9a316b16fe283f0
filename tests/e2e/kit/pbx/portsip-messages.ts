/**
 * Every message of a scripted PortSIP PBX 22. What PortSIP publishes is what its users dial and that its phones are told: "Using Call
 * Parking Feature" (`*68`, `*68<extension>`, `*88`, `*88<extension>`) and "PortSIP Call Parking Feature" (no park spots; no subscription
 * to the dialog event package; the extension's devices receive an out-of-dialog NOTIFY) of its administration guide,
 * support.portsip.com. How it words a message on the wire it does not publish: whatever stands here beyond the RFC named beside it is
 * called `assumed…` and listed in the README.
 */
import type { PbxWords } from './scripted-dialog.ts';
import { headerOf, type SipText } from './sip-text.ts';

/** Assumed: no UPDATE, no session timers, a realm that is the domain. */
export const assumedWords: PbxWords = {
  domain: 'tenant.portsip.test',
  realm: 'tenant.portsip.test',
  contactUser: 'pbx',
  onRequests: 'User-Agent: PortSIP PBX 22',
  onResponses: `
    Server: PortSIP PBX 22
    Allow: INVITE, ACK, CANCEL, BYE, REFER, NOTIFY, OPTIONS, INFO, SUBSCRIBE`,
};

/** RFC 2617 §3.2.1. Assumed: MD5 alone, nothing optional but `qop`. */
export const assumedChallenge = (nonce: string): string =>
  `WWW-Authenticate: Digest realm="${assumedWords.realm}", nonce="${nonce}", qop="auth", algorithm=MD5`;

/** RFC 3261 §10.3. Assumed: Expires alone, none on the Contact. */
export function assumedRegistered(request: SipText, maximumS: number): string {
  const expires = Math.min(Number(headerOf(request, 'Expires')), maximumS);
  const contact = headerOf(request, 'Contact').split(';expires=')[0] ?? '';
  return expires === 0 ? '' : `Contact: ${contact}\nExpires: ${expires}`;
}

/** Assumed: no identity but From's. */
export const assumedInvite =
  'Allow: INVITE, ACK, CANCEL, BYE, REFER, NOTIFY, OPTIONS, INFO, SUBSCRIBE';

/** RFC 6665 §4.2.1.1 for a package that is not served. "There is no need to subscribe to the Dialog Event package"; of MWI: assumed. */
export const assumedRefusal = {
  status: '489 Bad Event',
  headers: 'Allow-Events: park-info',
} as const;

/** RFC 3515 §2.4.4. Assumed: the id is the REFER's CSeq, and the transfer is reported as any other. */
export function assumedReferNotify(refer: SipText, status: string) {
  const over = !status.startsWith('1');
  return {
    headers: `
      Event: refer;id=${headerOf(refer, 'CSeq').split(' ')[0]}
      Subscription-State: ${over ? 'terminated;reason=noresource' : 'active;expires=60'}
      Content-Type: message/sipfrag`,
    body: `SIP/2.0 ${status}\r\n`,
  };
}

/**
 * The out-of-dialog NOTIFY to the devices of the extension where a call was parked. Assumed: the event's name, that its subscription is
 * over as it begins (RFC 6665 would have one), and a body of a type that nobody else reads.
 */
export const assumedParkInfo = (extension: string) => ({
  method: 'NOTIFY',
  headers: `
    Event: park-info
    Subscription-State: terminated;reason=noresource
    Content-Type: application/x-portsip-park-info`,
  body: `{"parked":"${extension}"}`,
});
