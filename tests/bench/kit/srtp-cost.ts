import { randomBytes } from 'node:crypto';
import { RtpHeader, SrtpSession } from 'werift';
import {
  SRTP_PROFILES,
  type SrtpProfileName,
} from '../../../shared/media/embedded/srtp/srtp-profile.ts';
import { SrtpReceiver } from '../../../shared/media/embedded/srtp/srtp-receiver.ts';
import { SrtpSender } from '../../../shared/media/embedded/srtp/srtp-sender.ts';

/** A 20 ms frame of Opus at 48 kbit/s, octets. */
const PAYLOAD = 120;
const HEADER = 12;
const TAG_ROOM = 16;

/** CPU time of one packet, protected by the sender and opened by the receiver, in µs. */
export interface SrtpCost {
  readonly ours: number;
  readonly werifts: number;
}

function cpuMicros(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Ours and werift's over the same packets, with the same keys. */
export function srtpCost(name: SrtpProfileName, count: number): SrtpCost {
  const profile = SRTP_PROFILES[name];
  const masterKey = randomBytes(profile.keyLength);
  const masterSalt = randomBytes(profile.saltLength);
  const payload = randomBytes(PAYLOAD);
  const headers = Array.from(
    { length: count },
    (_, i) => new RtpHeader({ payloadType: 111, sequenceNumber: i, timestamp: i * 960, ssrc: 7 }),
  );
  const sender = new SrtpSender({ profile, masterKey, masterSalt });
  const receiver = new SrtpReceiver({ profile, masterKey, masterSalt });
  const ours = cpuMicros(() => {
    for (const header of headers) {
      const packet = Buffer.allocUnsafe(HEADER + PAYLOAD + TAG_ROOM);
      header.serialize(HEADER).copy(packet);
      payload.copy(packet, HEADER);
      const plain = { headerLength: HEADER, length: HEADER + PAYLOAD };
      receiver.unprotectRtp(packet.subarray(0, sender.protectRtp(packet, plain, 0)));
    }
  });
  const keys = {
    localMasterKey: masterKey,
    localMasterSalt: masterSalt,
    remoteMasterKey: masterKey,
    remoteMasterSalt: masterSalt,
  };
  const werift = new SrtpSession({ profile: profile.dtlsId, keys });
  const werifts = cpuMicros(() => {
    for (const header of headers) werift.decrypt(werift.encrypt(payload, header));
  });
  return { ours: ours / count, werifts: werifts / count };
}
