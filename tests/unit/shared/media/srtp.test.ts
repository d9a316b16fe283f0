import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RtpHeader, SrtcpSession, SrtpSession } from 'werift';
import { AesCounterMode } from '../../../../shared/media/embedded/srtp/aes-cm.ts';
import { deriveRtpKeys } from '../../../../shared/media/embedded/srtp/key-derivation.ts';
import { ReplayWindow } from '../../../../shared/media/embedded/srtp/replay-window.ts';
import { writeRtcpIv, writeRtpIv } from '../../../../shared/media/embedded/srtp/srtp-iv.ts';
import { SRTP_PROFILES } from '../../../../shared/media/embedded/srtp/srtp-profile.ts';
import type {
  SrtpKeys,
  SrtpProfileName,
} from '../../../../shared/media/embedded/srtp/srtp-profile.ts';
import { SrtpReceiver } from '../../../../shared/media/embedded/srtp/srtp-receiver.ts';
import { SrtpSender } from '../../../../shared/media/embedded/srtp/srtp-sender.ts';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');
const PROFILES: readonly SrtpProfileName[] = [
  'AEAD_AES_128_GCM',
  'AES_CM_128_HMAC_SHA1_80',
  'AES_CM_128_HMAC_SHA1_32',
];

function randomKeys(name: SrtpProfileName): SrtpKeys {
  const profile = SRTP_PROFILES[name];
  return { profile, masterKey: randomBytes(16), masterSalt: randomBytes(profile.saltLength) };
}

function rtp(sequence: number, options: { ssrc?: number; payload?: Buffer } = {}): Buffer {
  const { ssrc = 0x1234_5678, payload = Buffer.from(`payload ${sequence}`) } = options;
  const packet = Buffer.alloc(12 + payload.length);
  packet[0] = 0x80;
  packet[1] = 111;
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE((sequence * 960) >>> 0, 4);
  packet.writeUInt32BE(ssrc, 8);
  payload.copy(packet, 12);
  return packet;
}

function protect(sender: SrtpSender, packet: Buffer, rollover = 0): Buffer {
  const room = Buffer.concat([packet, Buffer.alloc(16)]);
  const length = sender.protectRtp(room, { headerLength: 12, length: packet.length }, rollover);
  return room.subarray(0, length);
}

function unprotect(receiver: SrtpReceiver, packet: Buffer): Buffer | string {
  const copy = Buffer.from(packet);
  const result = receiver.unprotectRtp(copy);
  return result.kind === 'ok' ? copy.subarray(0, result.length) : result.failure;
}

describe('SRTP key derivation and ciphers', () => {
  const masterKey = hex('E1F97A0D3E018BE0D64FA32C06DE4139');
  const masterSalt = hex('0EC675AD498AFEEBB6960B3AABE6');
  const profile = SRTP_PROFILES.AES_CM_128_HMAC_SHA1_80;

  it('derives the session keys of RFC 3711 B.3', () => {
    const keys = deriveRtpKeys({ profile, masterKey, masterSalt });
    expect(keys.cipherKey.export()).toEqual(hex('C61E7A93744F39EE10734AFE3FF7A087'));
    expect(keys.salt).toEqual(hex('30CBBC08863D8C85D49DB34A9AE1'));
    expect(keys.authKey.export()).toEqual(hex('CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4'));
  });

  it('makes the key stream of RFC 3711 B.2', () => {
    const counter = hex('F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000');
    const data = Buffer.alloc(0xff02 * 16);
    const cipher = new AesCounterMode(createSecretKey(hex('2B7E151628AED2A6ABF7158809CF4F3C')));
    cipher.apply(data, 0, data.length, counter);
    expect(data.subarray(0, 48)).toEqual(
      hex(
        'E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0',
      ),
    );
    expect(data.subarray(0xfeff * 16)).toEqual(
      hex(
        'EC8CDF7398607CB0F2D21675EA9EA1E4 362B7C3C6773516318A077D7FC5073AE 6A2CC3787889374FBEB4C81B17BA6C44',
      ),
    );
  });

  it('protects and opens the well-known packet of libsrtp', () => {
    const keys = { profile, masterKey, masterSalt };
    const plain = hex('800f1234decafbadcafebabe abababababababababababababababab');
    const expected = hex(
      '800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb',
    );
    const packet = protect(new SrtpSender(keys), plain);
    expect(packet).toEqual(expected);
    expect(unprotect(new SrtpReceiver(keys), packet)).toEqual(plain);
  });

  it('protects and opens the well-known RTCP packet of libsrtp', () => {
    const keys = { profile, masterKey, masterSalt };
    const plain = hex('81c8000bcafebabe abababababababababababababababab');
    const packet = new SrtpSender(keys).protectRtcp(plain);
    expect(packet).toEqual(
      hex('81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798'),
    );
    expect(new SrtpReceiver(keys).unprotectRtcp(packet)).toEqual(plain);
  });

  it('builds the initialisation vector and ciphertext of RFC 7714 §16.1.1', () => {
    const packet = hex('8040f17b8041f8d35501a0b2');
    const iv = writeRtpIv(Buffer.alloc(12), hex('517569642070726f2071756f'), packet, 0);
    expect(iv).toEqual(hex('51753c6580c2726f20718414'));
    const cipher = createCipheriv('aes-128-gcm', hex('000102030405060708090a0b0c0d0e0f'), iv);
    cipher.setAAD(packet);
    const body = cipher.update('Gallia est omnis divisa in partes tres');
    cipher.final();
    expect(Buffer.concat([body, cipher.getAuthTag()])).toEqual(
      hex(
        'f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833 899d7f27beb16a9152cf765ee4390cce',
      ),
    );
  });

  it('builds the initialisation vector of RFC 7714 §17.1', () => {
    const packet = hex('81c8000d4d6172734e545031');
    const iv = writeRtcpIv(Buffer.alloc(12), hex('517569642070726f2071756f'), packet, 0x5d4);
    expect(iv).toEqual(hex('517524055203726f207170bb'));
  });
});

describe.each(PROFILES)('SRTP with %s', (name) => {
  it('opens what it protected, however the payload ends', () => {
    const keys = randomKeys(name);
    const sender = new SrtpSender(keys);
    const receiver = new SrtpReceiver(keys);
    for (let length = 0; length < 70; length++) {
      const packet = rtp(length, { payload: randomBytes(length) });
      expect(unprotect(receiver, protect(sender, packet))).toEqual(packet);
    }
  });

  it('refuses a changed octet anywhere, and takes the genuine packet afterwards', () => {
    const keys = randomKeys(name);
    const packet = rtp(7);
    const good = protect(new SrtpSender(keys), packet);
    const receiver = new SrtpReceiver(keys);
    for (let at = 1; at < good.length; at++) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 0x10;
      expect(unprotect(receiver, bad)).not.toEqual(packet);
      expect(typeof unprotect(receiver, bad)).toBe('string');
    }
    expect(unprotect(receiver, good)).toEqual(packet);
  });

  it('takes every packet once', () => {
    const keys = randomKeys(name);
    const sender = new SrtpSender(keys);
    const receiver = new SrtpReceiver(keys);
    const packets = [1, 2, 3].map((sequence) => protect(sender, rtp(sequence)));
    for (const packet of packets) expect(typeof unprotect(receiver, packet)).not.toBe('string');
    for (const packet of packets) expect(unprotect(receiver, packet)).toBe('replayed');
  });

  it('goes through the roll-over of sequence numbers, also when packets come out of order', () => {
    const keys = randomKeys(name);
    const sender = new SrtpSender(keys);
    const receiver = new SrtpReceiver(keys);
    const order = [
      65_533, 65_535, 65_534, 65_537, 65_536, 65_532, 65_538, 90_000, 90_002, 90_001, 120_000,
      131_073, 131_071,
    ];
    for (const index of order) {
      const packet = rtp(index);
      expect(unprotect(receiver, protect(sender, packet, Math.floor(index / 65_536)))).toEqual(
        packet,
      );
    }
  });

  it('opens RTCP once, and not when it is changed', () => {
    const keys = randomKeys(name);
    const sender = new SrtpSender(keys);
    const receiver = new SrtpReceiver(keys);
    const report = hex('80c9000112345678');
    const packet = sender.protectRtcp(report);
    const bad = Buffer.from(packet);
    bad[bad.length - 1] = (bad[bad.length - 1] ?? 0) ^ 1;
    expect(receiver.unprotectRtcp(bad)).toBe('not-authentic');
    expect(receiver.unprotectRtcp(packet)).toEqual(report);
    expect(receiver.unprotectRtcp(packet)).toBe('replayed');
  });

  it('survives noise', () => {
    const receiver = new SrtpReceiver(randomKeys(name));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const packet = Buffer.from(bytes);
        expect(receiver.unprotectRtp(packet).kind).toBe('failed');
        expect(typeof receiver.unprotectRtcp(packet)).toBe('string');
      }),
    );
  });
});

describe.each(['AEAD_AES_128_GCM', 'AES_CM_128_HMAC_SHA1_80'] as const)(
  'our SRTP and werift’s with %s',
  (name) => {
    const ours = randomKeys(name);
    const theirs = randomKeys(name);
    const config = {
      profile: ours.profile.dtlsId,
      keys: {
        localMasterKey: Buffer.from(theirs.masterKey),
        localMasterSalt: Buffer.from(theirs.masterSalt),
        remoteMasterKey: Buffer.from(ours.masterKey),
        remoteMasterSalt: Buffer.from(ours.masterSalt),
      },
    };

    it('understand each other in RTP, over a roll-over', () => {
      const sender = new SrtpSender(ours);
      const receiver = new SrtpReceiver(theirs);
      const peer = new SrtpSession(config);
      for (let index = 65_530; index < 65_545; index++) {
        const packet = rtp(index);
        const opened = peer.decrypt(protect(sender, packet, Math.floor(index / 65_536)));
        expect(Buffer.from(opened)).toEqual(packet);
        const header = new RtpHeader({
          payloadType: 111,
          sequenceNumber: index & 0xffff,
          timestamp: (index * 960) >>> 0,
          ssrc: 0x1234_5678,
        });
        const back = peer.encrypt(packet.subarray(12), header);
        expect(unprotect(receiver, back)).toEqual(packet);
      }
    });

    it('understand each other in RTCP', () => {
      const report = hex('80c9000112345678');
      const peer = new SrtcpSession(config);
      const sender = new SrtpSender(ours);
      expect(Buffer.from(peer.decrypt(sender.protectRtcp(report)))).toEqual(report);
      expect(Buffer.from(peer.decrypt(sender.protectRtcp(report)))).toEqual(report);
      expect(new SrtpReceiver(theirs).unprotectRtcp(peer.encrypt(report))).toEqual(report);
    });
  },
);

describe('the replay window', () => {
  it('agrees with a list of everything taken, for any order of indices', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 }), (indices) => {
        const window = new ReplayWindow();
        const taken = new Set<number>();
        for (const index of indices) {
          const top = Math.max(-1, ...taken);
          const fresh = !taken.has(index) && index > top - 64;
          expect(window.isFresh(index)).toBe(fresh);
          if (!fresh) continue;
          window.take(index);
          taken.add(index);
        }
      }),
    );
  });
});
