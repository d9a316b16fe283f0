import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliProcess } from '../../interop/kit/cli.ts';
import { demoTrunk, demoUser, type TestUser } from './demo-files.ts';

const LOOPBACK = '127.0.0.1';
const READY = /"udp:127\.0\.0\.1:(\d+)".*"http":"([^"]+)"/;

/** `parkline serve --demo` as an admin runs it, in a process of its own that can be killed, and started again where it was. */
export class ServerProcess {
  readonly #folder = mkdtempSync(join(tmpdir(), 'parkline-server-'));
  #process: CliProcess | undefined;
  #ports = { udp: 0, http: 0 };

  private constructor() {}

  static async start(): Promise<ServerProcess> {
    const server = new ServerProcess();
    await server.startAgain();
    return server;
  }

  /** `host:port`, as it is typed under Server. */
  get address(): string {
    return `${LOOPBACK}:${this.#ports.http}`;
  }

  get url(): string {
    return `http://${this.address}`;
  }

  get udp(): { readonly address: string; readonly port: number } {
    return { address: LOOPBACK, port: this.#ports.udp };
  }

  get trunk() {
    return demoTrunk(this.#folder);
  }

  user(extension: string): TestUser {
    return demoUser(this.#folder, extension);
  }

  /** Up, and whoever comes is served. */
  async startAgain(): Promise<void> {
    const { udp, http } = this.#ports;
    const doors = ['--listen', `udp:${LOOPBACK}:${udp}`, '--http', `${LOOPBACK}:${http}`];
    const args = ['--demo', '--json', '--grace', '0', '--log-level', 'silent'];
    this.#process = new CliProcess(['serve', '--data', this.#folder, ...doors, ...args]);
    const [, udpPort, url = ''] = await this.#process.says(READY);
    this.#ports = { udp: Number(udpPort), http: Number(new URL(url).port) };
  }

  /** SIGKILL: nobody is told anything, and nothing is tidied up. */
  async crash(): Promise<void> {
    this.#process?.kill('SIGKILL');
    await this.#process?.ended;
    this.#process = undefined;
  }

  async dispose(): Promise<void> {
    await this.crash();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
