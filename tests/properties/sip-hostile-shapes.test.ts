import { describe, expect, it } from 'vitest';
import { readRemoteAudio } from '../../shared/media/embedded/sdp/remote-audio.ts';
import { parseChallenge } from '../../shared/sip/digest/challenge.ts';
import { parseCredentials } from '../../shared/sip/digest/credentials.ts';
import { parseDialogInfo } from '../../shared/sip/events/dialog-info-reader.ts';
import { parseSipfrag } from '../../shared/sip/events/sipfrag.ts';
import { MessageFramer } from '../../shared/sip/message/message-framer.ts';
import { parseNameAddrs } from '../../shared/sip/message/name-addr.ts';
import { parseMessage } from '../../shared/sip/message/parse-message.ts';
import { userOf } from '../../shared/sip/message/uri.ts';
import { parseVias } from '../../shared/sip/message/via.ts';
import { HOSTILE_MESSAGES, hostileInvite, numbered } from './hostile-messages.ts';

/** Limits so wide that the shapes are read to their end. */
const limits = { messageBytes: 1e9, headBytes: 1e9, fieldBytes: 1e9, fields: 1e9 };

const readMessage = (bytes: Buffer) => {
  const outcome = parseMessage(bytes, { framing: 'datagram', limits });
  if (outcome.kind === 'message' && outcome.message.kind === 'request') userOf(outcome.message.uri);
};

/** Each makes a text of about `size` bytes and reads it. */
const SHAPES: Readonly<Record<string, (size: number) => () => void>> = {
  ...Object.fromEntries(
    Object.entries(HOSTILE_MESSAGES).map(([name, make]) => [name, (n: number) => over(make(n))]),
  ),
  'a Via list beyond the message': (n) => {
    const text = 'SIP/2.0/UDP a,'.repeat(n / 14);
    return () => void parseVias(text, 1e9);
  },
  'a Contact list beyond the message': (n) => {
    const text = '"x" <sip:a@b>,'.repeat(n / 14);
    return () => void parseNameAddrs(text, 1e9);
  },
  'a stream in small pieces': (n) => {
    const bytes = hostileInvite({ extra: 'X-A: b\r\n'.repeat(n / 8) });
    return () => {
      const framer = new MessageFramer(limits);
      for (let at = 0; at < bytes.length; at += 16) framer.push(bytes.subarray(at, at + 16));
    };
  },
  'pings on a stream': (n) => {
    const bytes = Buffer.from('\r\n'.repeat(n / 2));
    return () => void new MessageFramer(limits).push(bytes);
  },
  'Authorization parameters': (n) => {
    const text = `Digest ${numbered(', p', n, '="1"').slice(2)}`;
    return () => void parseCredentials(text);
  },
  'nested XML': (n) => {
    const text = `<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="1" state="full" entity="a">${'<a>'.repeat(n / 3)}`;
    return () => void parseDialogInfo(text);
  },
  'XML attributes': (n) => {
    const text = `<dialog-info${numbered(' a', n, '="1"')}>`;
    return () => void parseDialogInfo(text);
  },
  'XML text': (n) => {
    const text = `<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="1" state="full" entity="a">${'&amp;'.repeat(n / 5)}</dialog-info>`;
    return () => void parseDialogInfo(text);
  },
  'an XML entity that names itself over and over': (n) => {
    const entities = numbered('<!ENTITY e', n, ' "&e0;&e0;&e0;&e0;">');
    const text = `<!DOCTYPE d [${entities}]><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info">&e1;</dialog-info>`;
    return () => void parseDialogInfo(text);
  },
  'entities in an XML attribute': (n) => {
    const text = `<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="1" state="full" entity="${'&lt;'.repeat(n / 4)}"/>`;
    return () => void parseDialogInfo(text);
  },
  'quotes and backslashes in Authorization': (n) => {
    const text = `Digest username="${'\\\\"'.repeat(n / 3)}`;
    return () => void parseCredentials(text);
  },
  'commas in Authorization': (n) => {
    const text = `Digest ${','.repeat(n)}`;
    return () => void parseCredentials(text);
  },
  'challenge parameters': (n) => {
    const text = `Digest ${numbered(', p', n, '="1"').slice(2)}`;
    return () => void parseChallenge(text);
  },
  'SDP attributes': (n) => overSdp('a=x:1\r\n'.repeat(n / 7)),
  'SDP payload types': (n) => overSdp('', numbered(' ', n, '')),
  'SDP codec maps': (n) => overSdp(numbered('a=rtpmap:', n, ' PCMU/8000\r\n')),
  'SDP candidates': (n) => overSdp('a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n'.repeat(n / 44)),
  'SDP crypto lines': (n) =>
    overSdp(numbered('a=crypto:', n, ` AES_CM_128_HMAC_SHA1_80 inline:${'A'.repeat(40)}\r\n`)),
  'SDP sections': (n) => overSdp('m=audio 9 RTP/AVP 0\r\n'.repeat(n / 21)),
  'SDP of one long line': (n) => overSdp(`a=${' '.repeat(n)}`),
  'SDP line breaks': (n) => overSdp('\r\n'.repeat(n / 2)),
  'a sipfrag of blank lines': (n) => {
    const text = `SIP/2.0 200 OK${'\r\n '.repeat(n / 3)}x`;
    return () => void parseSipfrag(text);
  },
};

const overSdp = (lines: string, payloads = ' 0') => {
  const text = `v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP${payloads}\r\n${lines}`;
  return () => void readRemoteAudio(text);
};

const over = (bytes: Buffer) => () => readMessage(bytes);

/** CPU microseconds of one run; the best of several rounds, each long enough to be measured. */
function cost(run: () => void): number {
  let runs = 1;
  let best = Infinity;
  for (let round = 0; round < 6;) {
    const before = process.cpuUsage();
    for (let i = 0; i < runs; i++) run();
    const { user, system } = process.cpuUsage(before);
    const spent = user + system;
    if (spent < 8_000 && runs < 100_000) {
      runs *= spent < 1_000 ? 8 : 2;
      continue;
    }
    best = Math.min(best, spent / runs);
    round++;
  }
  return best;
}

/** Twice the bytes may cost up to three times as much; a quadratic reader needs four times. */
function ratioOf(shape: (size: number) => () => void): number {
  let ratio = Infinity;
  for (let attempt = 0; attempt < 3 && ratio > 3; attempt++) {
    const half = shape(32_768);
    const full = shape(65_536);
    full();
    ratio = Math.min(ratio, cost(full) / cost(half));
  }
  return ratio;
}

describe('hostile shapes of 64 kB cost at most three times what 32 kB cost', () => {
  for (const [name, shape] of Object.entries(SHAPES)) {
    it(name, () => expect(ratioOf(shape)).toBeLessThanOrEqual(3));
  }

  it('and the measure tells a quadratic reader', () => {
    const quadratic = (size: number) => () => {
      let sum = 0;
      for (let i = 0; i < size / 16; i++) for (let k = 0; k < i; k++) sum = (sum + i * k) | 0;
      expect(sum).not.toBe(-1);
    };
    expect(ratioOf(quadratic)).toBeGreaterThan(3);
  });
});
