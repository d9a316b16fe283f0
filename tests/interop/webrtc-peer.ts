/** A WebRTC peer on a bare UDP socket, for what no browser would do: STUN checks by hand, werift's DTLS client with any certificate, forged datagrams. */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { DtlsClient, RtpHeader, SrtpSession } from 'werift';
import type { DtlsCertificate } from '../../shared/media/embedded/dtls/certificate.ts';
import { literalLookup } from '../fakes/literal-lookup.ts';
import { bindingRequest } from '../fakes/stun-check.ts';

export class WebRtcPeer {
  readonly #socket: Socket;
  readonly #certificate: DtlsCertificate;
  #client: DtlsClient | undefined;
  #target = { address: '', port: 0 };
  #server = { ufrag: '', pwd: '' };
  stunAnswers = 0;
  readonly received: Buffer[] = [];

  static async open(certificate: DtlsCertificate): Promise<WebRtcPeer> {
    const socket = createSocket({ type: 'udp4', lookup: literalLookup });
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
