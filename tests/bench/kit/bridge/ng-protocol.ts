/** rtpengine's ng protocol: bencoded dictionaries over UDP, each behind a cookie that the answer repeats. */
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';

export type NgValue = string | readonly NgValue[] | { readonly [key: string]: NgValue };
export type NgDictionary = { readonly [key: string]: NgValue };

const AGAIN_MS = 250;
const PATIENCE_MS = 5_000;

export function bencode(value: NgValue): string {
  if (typeof value === 'string') return `${Buffer.byteLength(value)}:${value}`;
  if (isList(value)) return `l${value.map(bencode).join('')}e`;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `d${entries.map(([key, one]) => bencode(key) + bencode(one)).join('')}e`;
}

const isList = (value: NgValue): value is readonly NgValue[] => Array.isArray(value);

/** The strings of a dictionary's first level; numbers, lists and dictionaries inside are skipped. */
export function bdecodeStrings(data: Buffer): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const at = { position: 0 };
  const read = (): string | undefined => {
    const type = String.fromCharCode(data[at.position] ?? 0);
    if (type === 'i') {
      at.position = data.indexOf('e', at.position) + 1;
      return undefined;
    }
    if (type === 'l' || type === 'd') {
      at.position += 1;
      while (at.position < data.length && data[at.position] !== 0x65) read();
      at.position += 1;
      return undefined;
    }
    const colon = data.indexOf(':', at.position);
    const end = colon + 1 + Number(data.toString('latin1', at.position, colon));
    at.position = end;
    return data.toString('utf8', colon + 1, end);
  };
  at.position = 1;
  while (at.position < data.length && data[at.position] !== 0x65) {
    const [key, value] = [read(), read()];
    if (key !== undefined && value !== undefined) found.set(key, value);
  }
  return found;
}

export class NgClient {
  readonly #port: number;
  readonly #socket: Socket = createSocket('udp4');
  readonly #waiting = new Map<string, (answer: ReadonlyMap<string, string>) => void>();

  constructor(port: number) {
    this.#port = port;
    this.#socket.on('message', (packet) => {
      const space = packet.indexOf(' ');
      const cookie = packet.toString('latin1', 0, space);
      this.#waiting.get(cookie)?.(bdecodeStrings(packet.subarray(space + 1)));
      this.#waiting.delete(cookie);
    });
  }

  /** Rejects when there is no answer, or the answer is an error. */
  async ask(request: NgDictionary): Promise<ReadonlyMap<string, string>> {
    const cookie = randomBytes(8).toString('hex');
    const packet = `${cookie} ${bencode(request)}`;
    const send = (): void => this.#socket.send(packet, this.#port, '127.0.0.1');
    const again = setInterval(send, AGAIN_MS);
    try {
      const answer = await new Promise<ReadonlyMap<string, string>>((resolve, reject) => {
        this.#waiting.set(cookie, resolve);
        setTimeout(() => reject(new Error('rtpengine does not answer')), PATIENCE_MS).unref();
        send();
      });
      if (answer.get('result') !== 'error') return answer;
      throw new Error(`rtpengine: ${answer.get('error-reason') ?? 'error'}`);
    } finally {
      clearInterval(again);
      this.#waiting.delete(cookie);
    }
  }

  close(): void {
    this.#socket.close();
  }
}
