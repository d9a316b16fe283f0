import type { UA } from 'jssip';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LineState } from '../../../../renderer/sip/phone-line.ts';
import { Registration } from '../../../../renderer/sip/registration.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

class FakeUa {
  registers = 0;
  stops = 0;
  readonly #listeners = new Map<string, (event: unknown) => void>();

  on(type: string, run: (event: unknown) => void): this {
    this.#listeners.set(type, run);
    return this;
  }

  register(): void {
    this.registers += 1;
  }

  stop(): void {
    this.stops += 1;
  }

  emit(type: string, event: unknown = {}): void {
    this.#listeners.get(type)?.(event);
  }
}

const response = (status: number, headers: Record<string, string> = {}) => ({
  response: {
    status_code: status,
    reason_phrase: '',
    getHeader: (name: string) => headers[name],
  },
});

let ua: FakeUa;
let clock: FakeClock;
let states: LineState[];

beforeEach(() => {
  ua = new FakeUa();
  clock = new FakeClock();
  states = [];
  new Registration(ua as unknown as UA, clock, (state) => states.push(state));
});

const kinds = () => states.map(({ kind }) => kind);

describe('following the registration', () => {
  it('goes from connecting to registered and takes the server’s HTTP from the 200', () => {
    ua.emit('connecting');
    ua.emit('connected');
    ua.emit('registered', response(200, { 'X-Parkline-Api': 'https://pbx.test/' }));
    expect(kinds()).toEqual(['connecting', 'registering', 'registered']);
    expect(states.at(-1)).toMatchObject({ apiBaseUrl: 'https://pbx.test' });
  });

  it('has no HTTP with another PBX, nor with a header that is not a URL of the web', () => {
    ua.emit('connected');
    ua.emit('registered', response(200));
    expect(states.at(-1)).toMatchObject({ apiBaseUrl: null });
    ua.emit('registered', response(200, { 'X-Parkline-Api': 'javascript:alert(1)' }));
    expect(states.at(-1)).toMatchObject({ apiBaseUrl: null });
  });

  it.each([
    [401, 'wrong-password'],
    [403, 'wrong-password'],
    [404, 'unknown-extension'],
  ])('stops after %i: trying on would only lock the account', (status, problem) => {
    ua.emit('connected');
    ua.emit('registrationFailed', response(status));
    expect(states.at(-1)).toEqual({ kind: 'refused', problem: { kind: problem } });
    expect(ua.stops).toBe(1);
    clock.advance(600_000);
    expect(ua.registers).toBe(0);
  });

  it('tries again after 503, when the server said, and less and less often', () => {
    ua.emit('connected');
    ua.emit('registrationFailed', response(503, { 'Retry-After': '20' }));
    clock.advance(19_000);
    expect(ua.registers).toBe(0);
    clock.advance(1_000);
    expect(ua.registers).toBe(1);
    ua.emit('registrationFailed', response(500));
    clock.advance(3_900);
    expect(ua.registers).toBe(1);
    clock.advance(100);
    expect(ua.registers).toBe(2);
  });

  it('keeps saying what is wrong while a lost connection is tried again', () => {
    ua.emit('connecting');
    ua.emit('connected');
    ua.emit('registered', response(200));
    ua.emit('disconnected');
    ua.emit('connecting');
    ua.emit('disconnected');
    expect(kinds().slice(-2)).toEqual(['offline', 'offline']);
    ua.emit('connected');
    expect(states.at(-1)?.kind).toBe('registering');
  });
});
