/** A WebRTC peer on a bare UDP socket, for what no browser would do: STUN checks by hand, werift's DTLS client with any certificate, forged datagrams. */
import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { crc32 } from 'node:zlib';
import { DtlsClient, RtpHeader, SrtpSession } from 'werift';
import type { DtlsCertificate } from '../../shared/media/embedded/dtls/certificate.ts';

const attribute = (type: number, value: Buffer): Buffer => {
  const out = Buffer.alloc(4 + ((value.length + 3) & ~3));
  out.writeUInt16BE(type, 0);
  out.writeUInt16BE(value.length, 2);
  value.copy(out, 4);
  return out;
};

/** A binding request as RFC 8445 asks for it. */
function bindingRequest(username: string, password: string, nominate: boolean): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt16BE(1, 0);
  head.writeUInt32BE(0x2112_a442, 4);
  for (let i = 8; i < 20; i++) head[i] = Math.floor(Math.random() * 256);
  let packet = Buffer.concat([
    head,
    attribute(6, Buffer.from(username)),
    attribute(0x24, Buffer.from('7e7f1eff', 'hex')),
    ...(nominate ? [attribute(0x25, Buffer.alloc(0))] : []),
  ]);
  packet.writeUInt16BE(packet.length - 20 + 24, 2);
  packet = Buffer.concat([
    packet,
    attribute(8, createHmac('sha1', password).update(packet).digest()),
  ]);
  packet.writeUInt16BE(packet.length - 20 + 8, 2);
  const check = Buffer.alloc(4);
  check.writeUInt32BE((crc32(packet) ^ 0x5354_554e) >>> 0);
  return Buffer.concat([packet, attribute(0x8028, check)]);
}

export class WebRtcPeer {
  readonly #socket: Socket;
  readonly #certificate: DtlsCertificate;
  #client: DtlsClient | undefined;
  #target = { address: '', port: 0 };
  #server = { ufrag: '', pwd: '' };
  stunAnswers = 0;
  readonly received: Buffer[] = [];

  static async open(certificate: DtlsCertificate): Promise<WebRtcPeer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new WebRtcPeer(socket, certificate);
  }

  private constructor(socket: Socket, certificate: DtlsCertificate) {
    this.#socket = socket;
    this.#certificate = certificate;
    socket.on('message', (packet) => {
      const first = packet[0] ?? 0;
      if (first < 4) this.stunAnswers += 1;
      else if (first < 64) this.#client?.transport.socket.onData(packet, ['', 0]);
      else this.received.push(packet);
    });
  }

  offer(fingerprint = this.#certificate.fingerprint.value, session = 1): string {
    return [
      'v=0',
      `o=- 5 ${session} IN IP4 127.0.0.1`,
      's=-',
      't=0 0',
      'm=audio 9 UDP/TLS/RTP/SAVPF 0 126',
      'c=IN IP4 0.0.0.0',
      'a=mid:0',
      'a=rtcp-mux',
      'a=ice-ufrag:peer',
      'a=ice-pwd:peerpeerpeerpeerpeerpeer',
      `a=fingerprint:sha-256 ${fingerprint}`,
      'a=setup:actpass',
      'a=rtpmap:126 telephone-event/8000',
      '',
    ].join('\r\n');
  }

  takeAnswer(sdp: string): void {
    const value = (pattern: RegExp): string => pattern.exec(sdp)?.[1] ?? '';
    this.#server = { ufrag: value(/^a=ice-ufrag:(.+)\r$/m), pwd: value(/^a=ice-pwd:(.+)\r$/m) };
    this.#target = { address: '127.0.0.1', port: Number(value(/^m=audio (\d+)/m)) };
  }

  check(options: { readonly nominate?: boolean; readonly password?: string } = {}): void {
    const { nominate = true, password = this.#server.pwd } = options;
    this.send(bindingRequest(`${this.#server.ufrag}:peer`, password, nominate));
  }

  /** @param privateKeyOf another certificate whose key signs instead: a thief who has only seen ours */
  handshake(privateKeyOf: DtlsCertificate = this.#certificate): Promise<SrtpSession> {
    const transport = {
      type: 'test',
      onData: () => undefined,
      send: async (datagram: Buffer) => this.send(datagram),
      close: async () => undefined,
      closed: false,
      address: { address: '', port: 0, family: '' },
    };
    const client = new DtlsClient({
      cert: this.#certificate.certPem,
      key: privateKeyOf.keyPem,
      signatureHash: this.#certificate.signatureHash,
      transport,
      srtpProfiles: [7, 1],
      extendedMasterSecret: true,
    });
    this.#client = client;
    return new Promise((resolve) => {
      client.onConnect.once(() => {
        const keys = client.extractSessionKeys(16, 12);
        resolve(
          new SrtpSession({
            profile: 7,
            keys: {
              localMasterKey: keys.localKey,
              localMasterSalt: keys.localSalt,
              remoteMasterKey: keys.remoteKey,
              remoteMasterSalt: keys.remoteSalt,
            },
          }),
        );
      });
      void client.connect();
    });
  }

  sendAudio(session: SrtpSession, sequenceNumber: number): void {
    const header = new RtpHeader({
      payloadType: 0,
      sequenceNumber,
      timestamp: sequenceNumber * 160,
      ssrc: 9,
    });
    this.send(session.encrypt(Buffer.alloc(160, 0x77), header));
  }

  send(datagram: Uint8Array): void {
    this.#socket.send(datagram, this.#target.port, this.#target.address);
  }

  close(): void {
    this.#socket.close();
  }
}
