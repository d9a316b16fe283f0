import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { cpuSecondsOf } from '../process-tree.ts';
import type { Bridge } from './bridge.ts';
import { NgClient } from './ng-protocol.ts';

const PROGRAM = '/usr/bin/rtpengine';
const READY_TRIES = 50;

/** Why there is nothing to compare with; `null` when there is. */
export const rtpengineUnavailable = (): string | null =>
  existsSync(PROGRAM)
    ? null
    : 'rtpengine is not installed (apt-get install rtpengine-daemon), so there is no ratio';

/** Debian's rtpengine, forwarding in user space as it must where its kernel module is not loaded. */
export class Rtpengine implements Bridge {
  readonly name = 'rtpengine';
  readonly ice = false;
  readonly #child: ChildProcess;
  readonly #ng: NgClient;

  static async start(): Promise<Rtpengine> {
    const port = await freePort();
    const child = spawn(
      PROGRAM,
      [
        '--config-file=none',
        '--foreground',
        '--log-stderr',
        '--log-level=2',
        '--table=-1',
        '--interface=127.0.0.1',
        `--listen-ng=127.0.0.1:${port}`,
        '--port-min=50000',
        '--port-max=54000',
      ],
      { stdio: 'ignore' },
    );
    const rtpengine = new Rtpengine(child, new NgClient(port));
    await rtpengine.#ready();
    return rtpengine;
  }

  private constructor(child: ChildProcess, ng: NgClient) {
    this.#child = child;
    this.#ng = ng;
  }

  async connect(
    callId: string,
    [a, b]: readonly [string, string],
  ): Promise<readonly [string, string]> {
    const common = {
      'call-id': callId,
      'from-tag': 'a',
      ICE: 'remove',
      'transport-protocol': 'UDP/TLS/RTP/SAVPF',
      'rtcp-mux': ['accept', 'offer'],
    };
    const offered = await this.#ng.ask({ ...common, command: 'offer', sdp: a });
    const answered = await this.#ng.ask({ ...common, command: 'answer', 'to-tag': 'b', sdp: b });
    return [answered.get('sdp') ?? '', offered.get('sdp') ?? ''];
  }

  async cpuSeconds(): Promise<number> {
    return cpuSecondsOf(this.#child.pid ?? 0);
  }

  async close(): Promise<void> {
    this.#ng.close();
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  async #ready(): Promise<void> {
    for (let n = 0; n < READY_TRIES; n += 1) {
      if (this.#child.exitCode !== null) break;
      const asked = this.#ng.ask({ command: 'ping' }).then(
        () => true,
        () => false,
      );
      if (await Promise.race([asked, pause(200, false)])) return;
    }
    await this.close();
    throw new Error('rtpengine did not start');
  }
}
