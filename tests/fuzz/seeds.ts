import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatDialogInfo } from '../../shared/sip/events/dialog-info-writer.ts';
import { makeResponse } from '../../shared/sip/message/builders.ts';
import { serializeMessage } from '../../shared/sip/message/serialize.ts';
import { sampleRequest } from '../fakes/sip-pair.ts';

const CORPUS = fileURLToPath(new URL('../../../shared/conformance/', import.meta.url));
const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 192.0.2.1',
  's=-',
  'c=IN IP4 192.0.2.1',
  't=0 0',
  'm=audio 4000 RTP/AVP 0 8 101',
  'a=rtpmap:101 telephone-event/8000',
  'a=sendrecv',
  '',
].join('\r\n');

/** What mutations begin with, as latin1 text: messages of the project's own, and the everyday set where it lies beside the project. */
export function fuzzSeeds(): readonly [string, ...string[]] {
  const [first, ...others] = ownSeeds();
  return [first, ...others, ...everyday()];
}

function ownSeeds(): readonly [string, ...string[]] {
  const invite = sampleRequest({ body: SDP, headers: [['Supported', 'timer, replaces']] });
  invite.headers.prepend('Via', 'SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKinvite;rport');
  const refer = sampleRequest({
    method: 'REFER',
    toTag: 'b1',
    cseq: 2,
    headers: [
      ['Refer-To', '<sip:*68102@pbx.test?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2>'],
      ['Referred-By', '<sip:101@pbx.test>'],
      ['X-Park-Note', 'wants%20invoice%204711'],
    ],
  });
  refer.headers.prepend('Via', 'SIP/2.0/TCP [2001:db8::1]:5060;branch=z9hG4bKrefer');
  const notify = sampleRequest({
    method: 'NOTIFY',
    cseq: 3,
    headers: [
      ['Event', 'dialog;id=7'],
      ['Subscription-State', 'active;expires=60'],
    ],
    body: formatDialogInfo({ version: 1, state: 'full', entity: 'sip:*88@pbx.test', dialogs: [] }),
  });
  notify.headers.prepend('Via', 'SIP/2.0/WS x.invalid;branch=z9hG4bKnotify');
  const register = sampleRequest({
    method: 'REGISTER',
    cseq: 4,
    headers: [
      ['Authorization', 'Digest username="101", realm="r", nonce="n", uri="sip:x", response="0"'],
      ['Path', '<sip:proxy.test;lr>'],
    ],
  });
  register.headers.prepend('Via', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKregister;rport');
  const ringing = makeResponse(invite, 180, { toTag: 'b1' });
  const messages = [register, refer, notify, ringing].map(textOf);
  return [textOf(invite), ...messages];
}

const textOf = (message: Parameters<typeof serializeMessage>[0]): string =>
  Buffer.from(serializeMessage(message)).toString('latin1');

function everyday(): readonly string[] {
  const folder = `${CORPUS}realistic`;
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => readFileSync(`${folder}/${name}`, 'latin1'));
}
