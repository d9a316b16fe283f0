import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { answerDigest } from './wire-phone.ts';

/** Somebody who writes requests by hand, at an address of their own, and counts what comes back. */
export class Attacker {
  readonly replies: string[] = [];
  octetsSent = 0;
  octetsBack = 0;
  readonly #socket: Socket;
  readonly #address: string;
  readonly #serverPort: number;
  #count = 0;

  static async at(address: string, serverPort: number): Promise<Attacker> {
    const socket = createSocket('udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    return new Attacker(socket, address, serverPort);
  }

  private constructor(socket: Socket, address: string, serverPort: number) {
    this.#socket = socket;
    this.#address = address;
    this.#serverPort = serverPort;
    socket.on('message', (data) => {
      this.octetsBack += data.length;
      this.replies.push(data.toString());
    });
  }

  send(method: string, extension: string, ...more: readonly string[]): void {
    const number = (this.#count += 1);
    const { port } = this.#socket.address();
    const text = [
      `${method} sip:${extension}@127.0.0.1 SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.#address}:${port};branch=z9hG4bK-${port}-${number};rport`,
      'Max-Forwards: 70',
      `From: <sip:${extension}@127.0.0.1>;tag=${number}`,
      `To: <sip:${extension}@127.0.0.1>`,
      `Call-ID: ${port}-${number}`,
      `CSeq: 1 ${method}`,
      `Contact: <sip:x@${this.#address}:${port}>`,
      ...more,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n');
    this.octetsSent += text.length;
    this.#socket.send(text, this.#serverPort, '127.0.0.1');
  }

  /** REGISTER with a guessed password, answering the last challenge that came. */
  guess(extension: string, password: string): void {
    const challenge = /^WWW-Authenticate: (.*)$/im.exec(this.replies.at(-1) ?? '')?.[1];
    if (challenge === undefined) return this.send('REGISTER', extension);
    const uri = `sip:${extension}@127.0.0.1`;
    const login = { username: extension, password, method: 'REGISTER', uri };
    this.send('REGISTER', extension, `Authorization: ${answerDigest(challenge, login)}`);
  }

  close(): void {
    this.#socket.close();
  }
}
