import { beforeEach, describe, expect, it } from 'vitest';
import { runCheck, type CheckWorld } from '../../../../../renderer/phone/model/sign-in-check.ts';
import { emptyForm } from '../../../../../renderer/phone/model/sign-in.ts';
import type { LineEffect, LineState } from '../../../../../renderer/sip/phone-line.ts';
import {
  CHECK_STEPS,
  failingStep,
  isOver,
  type SignInCheck,
} from '../../../../../shared/phone/sign-in-check.ts';
import type { SignInProblem } from '../../../../../shared/phone/sign-in-problem.ts';
import { epochMs } from '../../../../../shared/domain/ids.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { ScriptedLine } from '../../../../fakes/scripted-line.ts';

const REGISTERED: LineState = { kind: 'registered', at: epochMs(0), apiBaseUrl: null };
const refused = (problem: SignInProblem): LineState => ({ kind: 'refused', problem });

/** A line that connects, registers as it is told, and answers the test call as it is told. */
class TestedLine extends ScriptedLine {
  connects = true;
  then: LineState = REGISTERED;
  /** Status of the test call; 200 answers it. */
  callStatus = 200;
  ended = 0;

  override start(): void {
    if (this.connects) this.become({ kind: 'registering' });
    this.become(this.then);
  }

  override perform(effect: LineEffect): void {
    if (effect.kind === 'end') this.ended += 1;
    if (effect.kind !== 'dial') return;
    const { call } = effect;
    const final = { status: this.callStatus, phrase: '', reasonText: null };
    this.later({
      kind: 'call',
      input:
        this.callStatus === 200
          ? { kind: 'answered', call, party: null }
          : { kind: 'refused', call, final },
    });
  }
}

let clock: FakeClock;
let line: TestedLine;
let world: CheckWorld;
let closed: number;
const form = { ...emptyForm, server: 'pbx.test', extension: '101', password: 'secret' };

beforeEach(() => {
  clock = new FakeClock();
  line = new TestedLine();
  line.measured = { loss: 0, jitterMs: 1, roundTripMs: 1, mos: 4, codec: 'opus', level: 0.1 };
  closed = 0;
  world = {
    clock,
    findEndpoint: async () => ({
      kind: 'found',
      endpoint: {
        webSocketUrl: 'wss://pbx.test/',
        domain: 'pbx.test',
        displayName: '',
        apiBaseUrl: null,
        demo: false,
      },
    }),
    probe: async () => 'trusted',
    allow: async () => true,
    open: () => ({ line, microphone: async () => 'open', close: async () => void (closed += 1) }),
    newId: () => 'test-call',
    isOver: () => false,
  };
});

async function run(): Promise<SignInCheck> {
  let result: SignInCheck | null = null;
  void runCheck(form, world, () => {}).then((check) => (result = check));
  for (let turn = 0; turn < 60 && result === null; turn += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    clock.advance(400);
  }
  if (result === null) throw new Error('the test never ends');
  return result;
}
const kinds = (check: SignInCheck) => CHECK_STEPS.map((step) => check.steps[step].kind).join(' ');

describe('the test of a sign-in', () => {
  it('passes every step when all is well, and leaves nothing behind', async () => {
    const check = await run();
    expect(kinds(check)).toBe('passed passed passed passed passed passed');
    expect(isOver(check)).toBe(true);
    expect([closed, line.ended]).toEqual([1, 1]);
  });

  it('names the address when there is no such server', async () => {
    world = {
      ...world,
      findEndpoint: async () => ({ kind: 'failed', problem: { kind: 'no-such-server' } }),
    };
    const check = await run();
    expect(failingStep(check)).toEqual({ step: 'address', problem: { kind: 'no-such-server' } });
    expect(isOver(check)).toBe(true);
  });

  it('names encryption when the certificate is not trusted', async () => {
    world = { ...world, probe: async () => ({ kind: 'certificate' }) };
    const check = await run();
    expect(kinds(check)).toBe('passed failed skipped skipped skipped skipped');
  });

  it('names the WebSocket when it does not open', async () => {
    line.connects = false;
    line.then = { kind: 'offline', since: epochMs(0), problem: { kind: 'unreachable' } };
    expect(failingStep(await run())?.step).toBe('websocket');
  });

  it('learns from an open WebSocket what a browser is not told of TLS', async () => {
    world = { ...world, probe: async () => 'unknown' };
    expect((await run()).steps.tls.kind).toBe('passed');
  });

  it('names signing in when the password is wrong', async () => {
    line.then = refused({ kind: 'wrong-password' });
    const check = await run();
    expect(kinds(check)).toBe('passed passed passed failed skipped skipped');
    expect(closed).toBe(1);
  });

  it('names signing in when nothing answers REGISTER', async () => {
    line.then = { kind: 'registering' };
    expect(failingStep(await run())).toEqual({
      step: 'registration',
      problem: { kind: 'not-a-phone-server' },
    });
  });

  it('names the microphone and tests the sound all the same: calls are listen-only without', async () => {
    const open = world.open;
    world = {
      ...world,
      open: (endpoint) => ({ ...open(endpoint), microphone: async () => 'refused' }),
    };
    expect(kinds(await run())).toBe('passed passed passed passed failed passed');
  });

  it('names the sound when the call stands and nothing is heard', async () => {
    line.measured = null;
    expect(failingStep(await run())).toEqual({ step: 'audio', problem: { kind: 'no-sound' } });
  });

  it('says that sound was not tested where nobody can call themselves', async () => {
    line.callStatus = 486;
    expect((await run()).steps.audio).toEqual({ kind: 'skipped', why: 'no-test-call' });
  });
});

it('opens no microphone and calls nobody once it is given up', async () => {
  await runCheck(form, { ...world, isOver: () => true }, () => {});
  expect(line.performed).toEqual([]);
  expect(line.ended).toBe(0);
  expect(closed).toBe(1);
});
