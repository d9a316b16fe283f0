import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { eventually } from '../../kit/eventually.ts';
import { freePort } from './free-port.ts';
import { lastPart, NOTHING, readHeard, toneWav, type Heard } from './heard.ts';
import type { PeerExchange, PeerTransport } from './peer-exchange.ts';

const said = z.looseObject({ type: z.string().optional(), param: z.string().optional() });
type Said = z.infer<typeof said>;

export interface BaresipOptions {
  readonly extension: string;
  readonly transport: PeerTransport;
  /** What it says all the time: a sine of that frequency, in Hz. */
  readonly toneHz: number;
  /** Names of baresip's codecs, in its order; default `PCMA`. */
  readonly codecs?: string;
}

/** Debian's baresip in a process of its own: another stack, another media engine, written by others. */
export class Baresip {
  readonly extension: string;
  readonly events: Said[] = [];
  readonly #exchange: PeerExchange;
  readonly #transport: PeerTransport;
  readonly #home: string;
  readonly #process: ChildProcess;
  readonly #control: Socket;
  #unread = Buffer.alloc(0);
  #output = '';

  /** Starts it and waits until it is registered. It answers every call. */
  static async start(exchange: PeerExchange, options: BaresipOptions): Promise<Baresip> {
    const home = exchange.home(`baresip-${options.extension}`);
    const port = await freePort();
    writeHome(home, port, exchange, options);
    const child = spawn('baresip', ['-f', home], { stdio: ['ignore', 'pipe', 'pipe'] });
    const control = await connectTo(port, child);
    const phone = exchange.add(new Baresip(exchange, options, { home, child, control }));
    // It may have registered before anybody listened to its events.
    await phone.prints('200 OK');
    return phone;
  }

  private constructor(
    exchange: PeerExchange,
    options: BaresipOptions,
    parts: { home: string; child: ChildProcess; control: Socket },
  ) {
    this.extension = options.extension;
    this.#exchange = exchange;
    this.#transport = options.transport;
    this.#home = parts.home;
    this.#process = parts.child;
    this.#control = parts.control;
    this.#control.on('data', (data: Buffer) => this.#take(data));
    for (const stream of [parts.child.stdout, parts.child.stderr]) {
      stream?.on('data', (data) => (this.#output += String(data)));
    }
  }

  /** What it printed, for messages about failures. */
  get output(): string {
    return this.#output;
  }

  dial(target: string): void {
    this.#command('dial', this.#uri(target));
  }

  /** Blind transfer by REFER, as its user would type it. */
  transfer(target: string): void {
    this.#command('transfer', this.#uri(target));
  }

  hold(): void {
    this.#command('hold');
  }

  resume(): void {
    this.#command('resume');
  }

  hangUp(): void {
    this.#command('hangup');
  }

  /** Waits until `count` events of this type were told since the start. */
  async event(type: string, count = 1): Promise<void> {
    const told = (): number => this.events.filter((event) => event.type === type).length;
    try {
      await eventually(() => told() >= count, 20_000);
    } catch {
      const types = this.events.map((event) => event.type).join(' ');
      throw new Error(`baresip ${this.extension} told no ${type}: ${types}\n${this.#output}`);
    }
  }

  /** Waits until it printed this. */
  async prints(text: string): Promise<void> {
    try {
      await eventually(() => this.#output.includes(text), 20_000);
    } catch {
      throw new Error(`baresip ${this.extension} did not print ${text}: ${this.#output}`);
    }
  }

  /** What its newest call has heard in the last `ms`. */
  heard(ms: number): Heard {
    const newest = readdirSync(this.#home)
      .filter((name) => name.endsWith('-dec.wav'))
      .sort()
      .at(-1);
    if (newest === undefined) return NOTHING;
    return lastPart(readHeard(join(this.#home, newest)), ms);
  }

  async close(): Promise<void> {
    this.#control.destroy();
    if (this.#process.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await ended;
  }

  #uri(target: string): string {
    return `sip:${target}@${this.#exchange.door(this.#transport)};transport=${this.#transport}`;
  }

  /** Commands and events are JSON in netstrings. */
  #command(command: string, params = ''): void {
    const text = JSON.stringify({ command, params });
    this.#control.write(`${Buffer.byteLength(text)}:${text},`);
  }

  #take(data: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, data]);
    for (;;) {
      const colon = this.#unread.indexOf(':');
      const length = Number(this.#unread.subarray(0, Math.max(0, colon)).toString());
      if (colon < 1 || this.#unread.length < colon + length + 2) return;
      const text = this.#unread.subarray(colon + 1, colon + 1 + length).toString();
      this.#unread = this.#unread.subarray(colon + length + 2);
      this.events.push(said.parse(JSON.parse(text)));
    }
  }
}

function writeHome(
  home: string,
  controlPort: number,
  exchange: PeerExchange,
  { extension, transport, toneHz, codecs = 'PCMA' }: BaresipOptions,
): void {
  mkdirSync(home);
  const tone = join(home, 'says.wav');
  writeFileSync(
    tone,
    toneWav(toneHz, { seconds: 60, rate: codecs.startsWith('G722') ? 16_000 : 8_000 }),
  );
  const door = `${exchange.door(transport)};transport=${transport}`;
  const account = [
    `<sip:${extension}@${door}>`,
    `auth_pass=secret-${extension}`,
    'answermode=auto',
    `audio_codecs=${codecs}`,
    'regint=600',
  ];
  writeFileSync(join(home, 'accounts'), `${account.join(';')}\n`);
  writeFileSync(
    join(home, 'config'),
    [
      'sip_listen 127.0.0.1:0',
      `sip_cafile ${exchange.trustedFile}`,
      'net_interface 127.0.0.1',
      `audio_source aufile,${tone}`,
      'audio_player aubridge,nowhere',
      'audio_alert aubridge,nowhere',
      `ctrl_tcp_listen 127.0.0.1:${controlPort}`,
      `snd_path ${home}`,
      'module_path /usr/lib/baresip/modules',
      ...['g711', 'g722', 'aufile', 'aubridge', 'sndfile', 'uuid'].map(
        (name) => `module ${name}.so`,
      ),
      ...['account', 'menu', 'ctrl_tcp'].map((name) => `module_app ${name}.so`),
      '',
    ].join('\n'),
  );
}

async function connectTo(port: number, child: ChildProcess): Promise<Socket> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`baresip ended with ${child.exitCode}`);
    const socket = connect(port, '127.0.0.1');
    const connected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (connected) return socket;
    await pause(50);
  }
  throw new Error('baresip opened no control port');
}
