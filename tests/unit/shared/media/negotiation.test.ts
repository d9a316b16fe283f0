import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LocalTransport } from '../../../../shared/media/embedded/leg-transport.ts';
import { Negotiation } from '../../../../shared/media/embedded/negotiation.ts';
import { readRemoteAudio } from '../../../../shared/media/embedded/sdp/remote-audio.ts';
import { SRTP_PROFILES } from '../../../../shared/media/embedded/srtp/srtp-profile.ts';
import type { LegKind } from '../../../../shared/media/engine.ts';
import { CODECS_BEST_FIRST } from '../../../../shared/media/engine.ts';

const FINGERPRINT = Array.from({ length: 32 }, () => '0A').join(':');

function transportOf(kind: LegKind): LocalTransport {
  const rtp = { address: '192.0.2.1', port: 20_000 };
  if (kind === 'rtp') return { kind, rtp, rtcpPort: 20_001, rtcpMux: false };
  if (kind === 'sdes') {
    const profile = SRTP_PROFILES.AES_CM_128_HMAC_SHA1_80;
    const keys = { profile, masterKey: Buffer.alloc(16, 1), masterSalt: Buffer.alloc(14, 2) };
    return { kind, rtp, rtcpPort: 20_001, rtcpMux: false, crypto: [{ tag: 1, keys }] };
  }
  const ice = { ufrag: 'abcd', pwd: 'abcdefghijklmnopqrstuvwx' };
  return {
    kind,
    ice,
    fingerprint: { algorithm: 'sha-256', value: FINGERPRINT },
    candidates: [rtp],
  };
}

const negotiation = (kind: LegKind = 'rtp'): Negotiation =>
  new Negotiation({
    kind,
    legName: 'leg',
    sessionId: '4711',
    ssrc: 99,
    cname: 'cn',
    describe: () => transportOf(kind),
  });

function sdp(media: string, session = ''): string {
  return `v=0\r\no=x 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n${session}${media}`;
}
const DESK = sdp('m=audio 4000 RTP/AVP 0 8 9 101\r\na=rtpmap:101 telephone-event/8000\r\n');
const BROWSER_LINES = `a=mid:audio0\r\na=rtcp-mux\r\na=ice-ufrag:F00d\r\na=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256 ${FINGERPRINT}\r\na=setup:actpass\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:63 red/48000/2\r\na=rtpmap:110 telephone-event/48000\r\na=rtpmap:126 telephone-event/8000\r\n`;
const BROWSER = sdp(
  `m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\n${BROWSER_LINES}`,
  'a=group:BUNDLE audio0\r\n',
);

const lineOf = (text: string, start: string): string =>
  text.split('\r\n').find((line) => line.startsWith(start)) ?? '';
const version = (text: string): number => Number(lineOf(text, 'o=').split(' ')[2]);
const reasonOf = (text: string, kind?: LegKind): string => {
  const read = readRemoteAudio(text, kind);
  return read.ok ? 'taken' : read.error.reason;
};

describe('answering', () => {
  it('lists what the other leg takes first, in its order, then the rest, with the offer’s numbers', () => {
    const leg = negotiation('webrtc');
    expect(leg.stageOffer(BROWSER).ok).toBe(true);
    const { sdp: answer, agreement } = leg.answer(['PCMA', 'G722']);
    expect(lineOf(answer, 'm=')).toBe('m=audio 20000 UDP/TLS/RTP/SAVPF 8 9 111 0 110 126');
    expect(agreement.sendable[0]).toEqual({ payloadType: 8, codec: 'PCMA', clockRate: 8_000 });
    expect(answer).toContain('a=mid:audio0\r\n');
    expect(answer).toContain('a=group:BUNDLE audio0\r\n');
    expect(answer).toContain('a=setup:passive\r\n');
    expect(answer).toContain('a=ice-lite\r\n');
    expect(answer).toContain('a=ssrc:99 cname:cn\r\n');
  });

  it('rejects every other m-line with port 0 and keeps their order', () => {
    const leg = negotiation();
    const offer = `${DESK.replace('m=audio', 'm=video 5000 RTP/AVP 96\r\na=mid:v\r\nm=audio')}m=image 5002 udptl t38\r\n`;
    leg.stageOffer(offer);
    const { sdp: answer } = leg.answer(CODECS_BEST_FIRST);
    const lines = answer.split('\r\n').filter((line) => line.startsWith('m='));
    expect(lines).toEqual([
      'm=video 0 RTP/AVP 96',
      'm=audio 20000 RTP/AVP 9 0 8 101',
      'm=image 0 udptl t38',
    ]);
  });

  it.each([
    ['sendonly', 'recvonly'],
    ['recvonly', 'sendonly'],
    ['inactive', 'inactive'],
    ['sendrecv', 'sendrecv'],
  ])('mirrors %s as %s', (offered, answered) => {
    const leg = negotiation();
    leg.stageOffer(`${DESK}a=${offered}\r\n`);
    expect(leg.answer(['PCMU']).sdp).toContain(`a=${answered}\r\n`);
  });

  it('changes nothing before the answer, and nothing at all when the offer is discarded', () => {
    const leg = negotiation();
    leg.stageOffer(DESK);
    leg.answer(['PCMU']);
    const before = leg.agreement;
    leg.stageOffer(DESK.replace('0 8 9 101', '8'));
    expect(leg.remoteCodecs).toEqual(['PCMA']);
    expect(leg.agreement).toBe(before);
    leg.discard();
    expect(leg.remoteCodecs).toEqual(['G722', 'PCMU', 'PCMA']);
  });

  it('throws without an offer: that is a bug of ours', () => {
    expect(() => negotiation().answer(['PCMU'])).toThrow('without an offer');
    expect(() => negotiation().applyAnswer(DESK)).toThrow('without an offer');
  });
});

describe('offering', () => {
  it('counts the version up by one with every SDP of the same session', () => {
    const leg = negotiation();
    const first = leg.createOffer({ codecs: CODECS_BEST_FIRST });
    leg.applyAnswer(DESK);
    const second = leg.createOffer({ codecs: ['PCMU'] });
    expect(lineOf(first, 'o=')).toContain('o=- 4711 ');
    expect(version(second)).toBe(version(first) + 1);
    leg.discard();
    leg.stageOffer(DESK);
    expect(version(leg.answer(['PCMU']).sdp)).toBe(version(second) + 1);
  });

  it('keeps a codec’s number for the whole session, also when the far side chose it', () => {
    const leg = negotiation('webrtc');
    leg.stageOffer(BROWSER.replaceAll('111', '96'));
    leg.answer(CODECS_BEST_FIRST);
    const offer = leg.createOffer({ codecs: ['opus', 'PCMU'] });
    expect(lineOf(offer, 'm=')).toBe('m=audio 20000 UDP/TLS/RTP/SAVPF 96 0 110 126');
    expect(offer).toContain('a=mid:audio0\r\n');
    expect(offer).toContain('a=setup:actpass\r\n');
  });

  it('never gives a new codec a number that means something else already', () => {
    const leg = negotiation('webrtc');
    leg.stageOffer(
      sdp(
        `m=audio 9 UDP/TLS/RTP/SAVPF 0 111\r\n${BROWSER_LINES.replace('111 opus/48000/2', '111 telephone-event/8000')}`,
      ),
    );
    leg.answer(['PCMU']);
    const offer = leg.createOffer({ codecs: ['opus', 'PCMU'] });
    expect(lineOf(offer, 'a=rtpmap:96')).toBe('a=rtpmap:96 opus/48000/2');
  });

  it('takes the answer’s codecs within what was offered, and a second answer instead of the first', () => {
    const leg = negotiation();
    leg.createOffer({ codecs: ['G722', 'PCMU'] });
    expect(leg.applyAnswer(DESK).ok).toBe(true);
    expect(leg.remoteCodecs).toEqual(['G722', 'PCMU']);
    expect(leg.applyAnswer(DESK.replace('0 8 9 101', '0')).ok).toBe(true);
    expect(leg.remoteCodecs).toEqual(['PCMU']);
    expect(leg.knownCodecs).toEqual(['G722', 'PCMU', 'PCMA']);
  });

  it('refuses an answer without a codec of the offer, and stays open for a better one', () => {
    const leg = negotiation();
    leg.createOffer({ codecs: ['G722'] });
    const refused = leg.applyAnswer(DESK.replace('0 8 9 101', '0 8'));
    expect(refused.ok ? '' : refused.error.reason).toBe('no-common-codec');
    expect(leg.applyAnswer(DESK).ok).toBe(true);
  });

  it('refuses an offer of theirs while ours is open (glare), until ours is discarded', () => {
    const leg = negotiation();
    leg.createOffer({ codecs: ['PCMU'] });
    const glare = leg.stageOffer(DESK);
    expect(glare.ok ? '' : glare.error.reason).toBe('offer-pending');
    leg.discard();
    expect(leg.stageOffer(DESK).ok).toBe(true);
  });

  it('continues from a record with the same lines and the next version', () => {
    const leg = negotiation('webrtc');
    leg.stageOffer(BROWSER);
    const { sdp: answer } = leg.answer(['PCMU']);
    const record = JSON.parse(JSON.stringify(leg.record()));
    const other = negotiation('webrtc');
    other.resume(record);
    const offer = other.createOffer({ codecs: other.knownCodecs });
    expect(version(offer)).toBe(version(answer) + 1);
    expect(lineOf(offer, 'm=')).toBe('m=audio 20000 UDP/TLS/RTP/SAVPF 111 9 0 8 110 126');
    expect(lineOf(offer, 'a=mid')).toBe('a=mid:audio0');
    expect(lineOf(offer, 'a=group')).toBe('a=group:BUNDLE audio0');
  });
});

describe('reading the far side’s SDP', () => {
  it.each<[string, string, LegKind | undefined]>([
    ['no-audio', sdp('m=video 5000 RTP/AVP 96\r\n'), undefined],
    ['no-audio', DESK.replace('m=audio 4000', 'm=audio 0'), undefined],
    ['no-common-codec', DESK.replace('0 8 9 101', '18 101'), undefined],
    ['unsupported-profile', DESK.replace('RTP/AVP', 'TCP/RTP/AVP'), undefined],
    ['unsupported-profile', DESK, 'webrtc'],
    ['malformed', BROWSER.replace(/a=fingerprint.*\r\n/, ''), undefined],
    ['malformed', BROWSER.replace('a=ice-pwd:', 'a=x:'), undefined],
    ['malformed', DESK.replace('RTP/AVP', 'RTP/SAVP'), undefined],
    ['malformed', 'hello', undefined],
    ['malformed', '', undefined],
    ['malformed', DESK.replace('c=IN IP4 192.0.2.9\r\n', ''), undefined],
    ['malformed', DESK.replace('m=audio 4000', 'm=audio 70000'), undefined],
    ['malformed', `${DESK}a=x\r\n${'a=y\r\n'.repeat(1_000)}`, undefined],
    ['malformed', `${DESK}a=x:${'y'.repeat(40_000)}\r\n`, undefined],
    ['taken', DESK, undefined],
    ['taken', BROWSER, 'webrtc'],
    ['taken', DESK.replaceAll('\r\n', '\n'), undefined],
  ])('%s: %#', (reason, text, kind) => {
    expect(reasonOf(text, kind)).toBe(reason);
  });

  it('prefers the protected one of two audio lines', () => {
    const key = Buffer.alloc(30, 3).toString('base64');
    const both = `${DESK}m=audio 4002 RTP/SAVP 0\r\na=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:${key}|2^31\r\n`;
    const read = readRemoteAudio(both);
    expect(read.ok && [read.value.transport.kind, read.value.index]).toEqual(['sdes', 1]);
  });

  it('passes over keys with an MKI, unknown suites and wrong lengths', () => {
    const key = Buffer.alloc(30, 3).toString('base64');
    const line = (text: string): string => DESK.replace('RTP/AVP', 'RTP/SAVP') + text;
    expect(reasonOf(line(`a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key}|2^20|1:4\r\n`))).toBe(
      'malformed',
    );
    expect(reasonOf(line(`a=crypto:1 F8_128_HMAC_SHA1_80 inline:${key}\r\n`))).toBe('malformed');
    expect(reasonOf(line(`a=crypto:1 constructor inline:${key}\r\n`))).toBe('malformed');
    expect(reasonOf(line('a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAA\r\n'))).toBe('malformed');
    expect(
      reasonOf(line(`a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key} UNENCRYPTED_SRTP\r\n`)),
    ).toBe('malformed');
    expect(reasonOf(line(`a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:${key}\r\n`))).toBe('taken');
  });

  it('an answer takes one of our suites, or it is none: there would be silence', () => {
    const answer = (crypto: string): string => DESK.replace('RTP/AVP', 'RTP/SAVP') + crypto;
    const [gcm, cm] = [28, 30].map((length) => Buffer.alloc(length, 3).toString('base64'));
    const tag32 = `a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:${cm}\r\n`;
    const leg = negotiation('sdes');
    leg.createOffer({ codecs: ['PCMU'] });
    const refused = leg.applyAnswer(answer(tag32));
    expect(refused.ok ? 'taken' : refused.error.reason).toBe('malformed');
    for (const suite of [
      `AES_CM_128_HMAC_SHA1_80 inline:${cm}`,
      `AEAD_AES_128_GCM inline:${gcm}`,
    ]) {
      const taken = leg.applyAnswer(answer(`${tag32}a=crypto:2 ${suite}\r\n`));
      const { transport } = taken.ok ? taken.value.remote : { transport: undefined };
      const chosen = transport?.kind === 'sdes' ? transport.crypto[0]?.keys.profile.name : null;
      expect(chosen).toBe(suite.split(' ')[0]);
    }
  });

  it('knows hold by null address', () => {
    const read = readRemoteAudio(DESK.replace('c=IN IP4 192.0.2.9', 'c=IN IP4 0.0.0.0'));
    expect(read.ok && read.value.nullAddress).toBe(true);
  });

  it('answers every text with a value', () => {
    const lines = fc.constantFrom(
      'v=0',
      'o=',
      'o=a b c',
      's=',
      't=',
      'm=audio',
      'm=audio 1 RTP/AVP',
      'm=audio 1 RTP/AVP 0',
      'm=audio 99999 RTP/SAVP 0',
      'c=IN IP6 ::1',
      'c=IN',
      'a=rtpmap:0',
      'a=rtpmap:0 opus/48000/2',
      'a=crypto:',
      'a=crypto:1',
      'a=ptime:x',
      'a=rtcp:',
      'a=group:',
      'a=',
      'a=fingerprint:',
      'a=mid:',
      'x',
      '=',
      'm=',
      'a=setup:',
      'a=rtcp-mux',
      'a=ice-ufrag:',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.oneof(lines, fc.string()), { maxLength: 30 })
        .map((some) => ['v=0', ...some].join('\r\n')),
    );
    fc.assert(
      fc.property(text, (some) => {
        const leg = negotiation();
        if (leg.stageOffer(some).ok) leg.answer(['PCMU']);
      }),
      { numRuns: 2_000 },
    );
  });
});
