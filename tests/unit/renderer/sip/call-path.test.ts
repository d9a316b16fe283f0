import { beforeEach, describe, expect, it } from 'vitest';
import { CallPath } from '../../../../renderer/sip/call-path.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

/** A peer connection as far as its path goes. */
class FakeConnection extends EventTarget {
  iceConnectionState: RTCIceConnectionState = 'new';

  become(state: RTCIceConnectionState): void {
    this.iceConnectionState = state;
    this.dispatchEvent(new Event('iceconnectionstatechange'));
  }
}

let clock: FakeClock;
let connection: FakeConnection;
let path: CallPath;
let online: boolean;
let renewals: number;
let agree: () => void;

beforeEach(() => {
  clock = new FakeClock();
  connection = new FakeConnection();
  online = true;
  renewals = 0;
  path = new CallPath(connection, {
    clock,
    online: () => online,
    renew: () => {
      renewals += 1;
      return new Promise((resolve) => (agree = () => resolve(true)));
    },
  });
});

describe('the way of a call’s sound', () => {
  it('is replaced once it has been silent for a moment', () => {
    connection.become('connected');
    connection.become('disconnected');
    clock.advance(999);
    expect(renewals).toBe(0);
    clock.advance(1);
    expect(renewals).toBe(1);
  });

  it('that comes back by itself is left alone', () => {
    connection.become('connected');
    connection.become('disconnected');
    clock.advance(500);
    connection.become('connected');
    clock.advance(10_000);
    expect(renewals).toBe(0);
  });

  it('waits for the line when that is away, too, and is replaced as soon as it is back', () => {
    connection.become('connected');
    online = false;
    connection.become('disconnected');
    clock.advance(5_000);
    expect(renewals).toBe(0);
    online = true;
    path.look();
    expect(renewals).toBe(1);
  });

  it('that still works is not touched by a line that went and came', () => {
    connection.become('connected');
    path.look();
    expect(renewals).toBe(0);
  });

  it('is not asked for twice at the same time', async () => {
    connection.become('connected');
    connection.become('disconnected');
    path.look();
    path.look();
    expect(renewals).toBe(1);
    agree();
    await Promise.resolve();
    await Promise.resolve();
    path.look();
    expect(renewals).toBe(2);
  });

  it('that never was one is not lost', () => {
    connection.become('checking');
    connection.become('disconnected');
    clock.advance(5_000);
    expect([renewals, path.wasThere]).toEqual([0, false]);
  });

  it('is followed no longer after the call, and nothing waits', () => {
    connection.become('connected');
    connection.become('disconnected');
    path.dispose();
    connection.become('disconnected');
    clock.advance(5_000);
    expect([renewals, clock.pending]).toEqual([0, 0]);
  });
});
