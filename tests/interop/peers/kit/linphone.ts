import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../kit/eventually.ts';
import { freePort } from './free-port.ts';
import { lastPart, NOTHING, readHeard, toneWav, type Heard } from './heard.ts';
import type { PeerExchange, PeerTransport } from './peer-exchange.ts';

/** What it records at: it and we speak Opus. */
const OPUS_HZ = 48_000;

export interface LinphoneOptions {
  readonly extension: string;
  readonly transport: PeerTransport;
  /** What it says all the time: a sine of that frequency, in Hz. */
  readonly toneHz: number;
}

/** Debian's linphonec in a process of its own, with files for microphone and loudspeaker; it answers every call. */
export class Linphone {
  readonly extension: string;
  readonly #exchange: PeerExchange;
  readonly #transport: PeerTransport;
  readonly #home: string;
  readonly #process: ChildProcess;
  #output = '';

  /** Starts it and waits until it is registered. */
  static async start(exchange: PeerExchange, options: LinphoneOptions): Promise<Linphone> {
    const home = exchange.home(`linphone-${options.extension}`);
    await writeHome(home, exchange, options.toneHz);
    const child = spawn('linphonec', ['-c', join(home, 'linphonerc'), '-a'], {
      env: { ...process.env, HOME: home },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const phone = exchange.add(new Linphone(exchange, options, { home, child }));
    phone.#command('soundcard use files');
    phone.#command(`play ${join(home, 'says.wav')}`);
    phone.#command(`record ${join(home, 'hears.wav')}`);
    const { extension, transport } = options;
    const door = `${exchange.door(transport)};transport=${transport}`;
    const identity = `sip:${extension}@${exchange.door(transport)}`;
    phone.#command(`register ${identity} sip:${door} secret-${extension}`);
    await phone.#registered();
    return phone;
  }

  private constructor(
    exchange: PeerExchange,
    options: LinphoneOptions,
    parts: { home: string; child: ChildProcess },
  ) {
    this.extension = options.extension;
    this.#exchange = exchange;
    this.#transport = options.transport;
    this.#home = parts.home;
    this.#process = parts.child;
    for (const stream of [parts.child.stdout, parts.child.stderr]) {
      stream?.on('data', (data) => (this.#output += String(data)));
    }
  }

  async #registered(): Promise<void> {
    for (let attempt = 0; attempt < 40; attempt += 1) {
      if (/registered, identity=/.test(this.#output)) return;
      this.#command('status register');
      await pause(250);
    }
    throw new Error(`linphone ${this.extension} did not register: ${this.#output}`);
  }

  get output(): string {
    return this.#output;
  }

  dial(target: string): void {
    this.#command(`call ${this.#uri(target)}`);
  }

  /** Blind transfer by REFER, as its user would type it. */
  transfer(target: string): void {
    this.#command(`transfer ${this.#uri(target)}`);
  }

  hold(): void {
    this.#command('pause');
  }

  resume(): void {
    this.#command('resume');
  }

  hangUp(): void {
    this.#command('terminate all');
  }

  /** Waits until it has printed this, at most 20 s. */
  async prints(pattern: RegExp): Promise<void> {
    try {
      await eventually(() => pattern.test(this.#output), 20_000);
    } catch {
      throw new Error(`linphone ${this.extension} did not print ${pattern}: ${this.#output}`);
    }
  }

  /** What it has heard in the last `ms` of its calls. */
  heard(ms: number): Heard {
    const file = join(this.#home, 'hears.wav');
    return existsSync(file) ? lastPart(readHeard(file, OPUS_HZ), ms) : NOTHING;
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await ended;
  }

  #uri(target: string): string {
    return `sip:${target}@${this.#exchange.door(this.#transport)};transport=${this.#transport}`;
  }

  #command(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }
}

async function writeHome(home: string, exchange: PeerExchange, toneHz: number): Promise<void> {
  mkdirSync(join(home, '.local/share/linphone'), { recursive: true });
  writeFileSync(join(home, 'says.wav'), toneWav(toneHz, { seconds: 60, rate: 16_000 }));
  const rtpPort = 2 * Math.floor((await freePort()) / 2);
  const lines = [
    '[net]',
    'mtu=1300',
    '[sip]',
    // -1: any free port.
    'sip_port=-1',
    'sip_tcp_port=-1',
    'sip_tls_port=-1',
    'use_ipv6=0',
    `root_ca=${exchange.trustedFile}`,
    // Its TLS library reads no IP addresses in certificates.
    'verify_server_cn=0',
    'media_encryption=none',
    '[rtp]',
    `audio_rtp_port=${rtpPort}`,
    '',
  ];
  writeFileSync(join(home, 'linphonerc'), lines.join('\n'));
}
