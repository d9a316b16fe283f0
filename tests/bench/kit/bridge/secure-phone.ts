/** A DTLS-SRTP phone on a bare UDP socket: ICE checks where the other side asks for them, werift's DTLS client, packets as given. */
import { createSocket, type Socket } from 'node:dgram';
import { setTimeout as pause } from 'node:timers/promises';
import { DtlsClient } from 'werift';
import type { DtlsCertificate } from '../../../../shared/media/embedded/dtls/certificate.ts';
import { SRTP_PROFILES } from '../../../../shared/media/embedded/srtp/srtp-profile.ts';
import { SrtpReceiver } from '../../../../shared/media/embedded/srtp/srtp-receiver.ts';
import { SrtpSender } from '../../../../shared/media/embedded/srtp/srtp-sender.ts';
import { literalLookup } from '../../../fakes/literal-lookup.ts';
import { bindingRequest } from '../../../fakes/stun-check.ts';

const PROFILE = SRTP_PROFILES.AEAD_AES_128_GCM;
/** Its number as DTLS-SRTP and werift have it (RFC 7714 §14.2). */
const DTLS_ID = 7;
const BUFFER_OCTETS = 1 << 20;
const CHECK_EVERY_MS = 2_000;
const CONNECT_MS = 3_000;

export interface SecureMedia {
  readonly sender: SrtpSender;
  readonly receiver: SrtpReceiver;
}

export class SecurePhone {
  readonly #socket: Socket;
  readonly #certificate: DtlsCertificate;
  #target = { address: '127.0.0.1', port: 0 };
  #ice: { readonly ufrag: string; readonly pwd: string } | undefined;
  #client: DtlsClient | undefined;
  #checks: NodeJS.Timeout | undefined;
  #closed = false;
  /** SRTP and SRTCP. */
  onPacket: (packet: Buffer) => void = () => undefined;

  static open(certificate: DtlsCertificate): SecurePhone {
    const socket = createSocket({ type: 'udp4', lookup: literalLookup });
    socket.bind(0, '127.0.0.1'); // at once: the look-up does not wait
    socket.setRecvBufferSize(BUFFER_OCTETS);
    return new SecurePhone(socket, certificate);
  }

  private constructor(socket: Socket, certificate: DtlsCertificate) {
    this.#socket = socket;
    this.#certificate = certificate;
    socket.on('message', (packet) => this.#receive(packet));
  }

  get port(): number {
    return this.#socket.address().port;
  }

  offer(ice: boolean): string {
    return [
      'v=0',
      `o=- ${this.port} 1 IN IP4 127.0.0.1`,
      's=-',
      't=0 0',
      `m=audio ${this.port} UDP/TLS/RTP/SAVPF 0`,
      'c=IN IP4 127.0.0.1',
      'a=rtpmap:0 PCMU/8000',
      'a=mid:0',
      'a=rtcp-mux',
      ...(ice ? ['a=ice-ufrag:peer', 'a=ice-pwd:peerpeerpeerpeerpeerpeer'] : []),
      `a=fingerprint:sha-256 ${this.#certificate.fingerprint.value}`,
      'a=setup:active',
      'a=sendrecv',
      '',
    ].join('\r\n');
  }

  /** Checks the path, shakes hands and gives the keys' contexts. */
  async connect(answer: string): Promise<SecureMedia> {
    const value = (pattern: RegExp): string => pattern.exec(answer)?.[1] ?? '';
    const ufrag = value(/^a=ice-ufrag:(.+?)\r?$/m);
    this.#target = { address: '127.0.0.1', port: Number(value(/^m=audio (\d+)/m)) };
    if (ufrag !== '') {
      this.#ice = { ufrag, pwd: value(/^a=ice-pwd:(.+?)\r?$/m) };
      this.#check();
      this.#checks = setInterval(() => this.#check(), CHECK_EVERY_MS);
    }
    const late = new AbortController();
    try {
      return await Promise.race([
        this.#handshake(),
        pause(CONNECT_MS, undefined, { signal: late.signal }).then(() => {
          throw new Error(`phone ${this.port}: no DTLS within ${CONNECT_MS} ms`);
        }),
      ]);
    } finally {
      late.abort();
    }
  }

  send(packet: Uint8Array): void {
    const { port, address } = this.#target;
    if (!this.#closed) this.#socket.send(packet, port, address, () => undefined);
  }

  close(): void {
    clearInterval(this.#checks);
    this.#closed = true; // a handshake that failed may still want to send
    this.#socket.close();
  }

  #check(): void {
    if (this.#ice) this.send(bindingRequest(`${this.#ice.ufrag}:peer`, this.#ice.pwd, true));
  }

  #receive(packet: Buffer): void {
    const first = packet[0] ?? 0;
    if (first >= 128) this.onPacket(packet);
    else if (first >= 20 && first < 64) this.#client?.transport.socket.onData(packet, ['', 0]);
  }

  #handshake(): Promise<SecureMedia> {
    const transport = {
      type: 'bench',
      onData: () => undefined,
      send: async (datagram: Buffer) => this.send(datagram),
      close: async () => undefined,
      closed: false,
      address: { address: '', port: 0, family: '' },
    };
    const client = new DtlsClient({
      cert: this.#certificate.certPem,
      key: this.#certificate.keyPem,
      signatureHash: this.#certificate.signatureHash,
      transport,
      srtpProfiles: [DTLS_ID],
      extendedMasterSecret: true,
    });
    this.#client = client;
    return new Promise((resolve, reject) => {
      client.onConnect.once(() => resolve(mediaOf(client)));
      client.connect().catch(reject); // it gives up when nothing answers
    });
  }
}

function mediaOf(client: DtlsClient): SecureMedia {
  const { localKey, localSalt, remoteKey, remoteSalt } = client.extractSessionKeys(
    PROFILE.keyLength,
    PROFILE.saltLength,
  );
  const keys = (masterKey: Buffer, masterSalt: Buffer) => ({
    profile: PROFILE,
    masterKey,
    masterSalt,
  });
  return {
    sender: new SrtpSender(keys(localKey, localSalt)),
    receiver: new SrtpReceiver(keys(remoteKey, remoteSalt)),
  };
}
