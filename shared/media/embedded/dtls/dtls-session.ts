/** One DTLS handshake, server role (`a=setup:passive`), by werift; the engine takes the SRTP keys and never sends application data. */
import { DtlsServer } from 'werift';
import { SRTP_PROFILES } from '../srtp/srtp-profile.ts';
import type { SrtpKeys, SrtpProfile } from '../srtp/srtp-profile.ts';
import type { DtlsCertificate } from './certificate.ts';
import { CLIENT_LAST_FLIGHT, clientProvedItself } from './client-proof.ts';
import type { HandshakeMessage } from './client-proof.ts';

const RECORD_HEADER = 13;
const OFFERED = [SRTP_PROFILES.AEAD_AES_128_GCM, SRTP_PROFILES.AES_CM_128_HMAC_SHA1_80];
/** werift's name for "the last flight has been sent": makes its retransmission loop end. */
const FLIGHT_DONE = 6;

export interface DtlsKeys {
  readonly local: SrtpKeys;
  readonly remote: SrtpKeys;
  readonly remoteCertificate: Buffer;
}

export interface DtlsEvents {
  readonly send: (datagram: Buffer) => void;
  readonly onKeys: (keys: DtlsKeys) => void;
  /** The handshake failed, or the far side closed an established association. */
  readonly onClosed: () => void;
}

export class DtlsSession {
  readonly #server: DtlsServer;
  readonly #events: DtlsEvents;
  #deliver: (datagram: Buffer) => void = () => undefined;
  #state: 'handshake' | 'established' | 'ended' = 'handshake';

  constructor(certificate: DtlsCertificate, events: DtlsEvents) {
    this.#events = events;
    const send = async (datagram: Buffer): Promise<void> => {
      if (this.#state !== 'ended') events.send(datagram);
    };
    const transport = {
      type: 'ice-lite',
      onData: () => undefined,
      send,
      close: async () => undefined,
      closed: false,
      address: { address: '', port: 0, family: '' },
    };
    this.#server = new DtlsServer({
      cert: certificate.certPem,
      key: certificate.keyPem,
      signatureHash: certificate.signatureHash,
      transport,
      srtpProfiles: [7, 1],
      extendedMasterSecret: true,
      certificateRequest: true,
    });
    this.#deliver = (datagram) => this.#server.transport.socket.onData(datagram, ['', 0]);
    this.#server.onConnect.once(() => this.#onConnect());
    this.#server.onClose.subscribe(() => this.#onClose());
  }

  /** A datagram from a path that ICE has proven. Never throws. */
  receive(datagram: Buffer): void {
    if (this.#state === 'ended') return;
    const accepted = this.#state === 'established' ? onlyProtected(datagram) : datagram;
    if (accepted.length === 0) return;
    try {
      this.#deliver(Buffer.from(accepted));
    } catch {
      // Not DTLS, or broken: as good as lost.
    }
  }

  /** Forgets everything; nothing is sent any more. */
  end(): void {
    this.#state = 'ended';
    this.#server.dtls.flight = FLIGHT_DONE;
  }

  #onConnect(): void {
    if (this.#state !== 'handshake') return;
    const keys = this.#keys();
    if (!keys) {
      this.end();
      this.#events.onClosed();
      return;
    }
    this.#state = 'established';
    this.#events.onKeys(keys);
  }

  #keys(): DtlsKeys | undefined {
    const { remoteCertificate } = this.#server;
    const id = this.#server.srtp.srtpProfile;
    const profile = OFFERED.find((one) => one.dtlsId === id);
    if (!profile || !remoteCertificate) return undefined;
    const { masterSecret } = this.#server.cipher;
    if (!clientProvedItself(this.#transcript(), remoteCertificate, masterSecret)) return undefined;
    const { localKey, localSalt, remoteKey, remoteSalt } = this.#server.extractSessionKeys(
      profile.keyLength,
      profile.saltLength,
    );
    return {
      local: keysOf(profile, localKey, localSalt),
      remote: keysOf(profile, remoteKey, remoteSalt),
      remoteCertificate,
    };
  }

  #transcript(): readonly HandshakeMessage[] {
    const { handshakeCache } = this.#server.dtls;
    const flights = Object.values(handshakeCache).filter(
      (cached) => cached.flight <= CLIENT_LAST_FLIGHT,
    );
    flights.sort((a, b) => a.flight - b.flight);
    return flights
      .flatMap((cached) => [...cached.data].sort((a, b) => a.message_seq - b.message_seq))
      .map((message) => ({
        type: message.msg_type,
        body: message.fragment,
        transcript: message.serialize(),
      }));
  }

  /** werift calls it for any alert; before the keys are there an alert proves nothing, anybody could have sent it. */
  #onClose(): void {
    if (this.#state !== 'established') return;
    this.end();
    this.#events.onClosed();
  }
}

const keysOf = (profile: SrtpProfile, masterKey: Buffer, masterSalt: Buffer): SrtpKeys => ({
  profile,
  masterKey,
  masterSalt,
});

/**
 * The records of epoch 1 and later. Once established, plain ones are ignored: werift would start over for any ClientHello, so one forged
 * datagram could end a call. A far side that wants a new association says so by signalling.
 */
function onlyProtected(datagram: Buffer): Buffer {
  const kept: Buffer[] = [];
  for (let at = 0; at + RECORD_HEADER <= datagram.length;) {
    const end = at + RECORD_HEADER + datagram.readUInt16BE(at + 11);
    if (end > datagram.length) break;
    if (datagram.readUInt16BE(at + 3) > 0) kept.push(datagram.subarray(at, end));
    at = end;
  }
  return Buffer.concat(kept);
}
