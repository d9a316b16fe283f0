import type { UA } from 'jssip';
import { beforeEach, describe, expect, it } from 'vitest';
import { LineLiveness } from '../../../../renderer/sip/line-liveness.ts';
import type { SignallingSocket } from '../../../../renderer/sip/signalling-socket.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

/** A WebSocket as far as its liveness goes. */
class FakeSocket {
  readonly url = 'wss://pbx.test/';
  connected = true;
  connectingForMs = 0;
  heardAt = 0;
  readonly dropped: string[] = [];

  isConnected(): boolean {
    return this.connected;
  }

  isConnecting(): boolean {
    return this.connectingForMs > 0;
  }

  drop(why: string): void {
    this.connected = false;
    this.dropped.push(why);
  }
}

let clock: FakeClock;
let socket: FakeSocket;
let asked: number;
let reconnects: number;
let liveness: LineLiveness;

beforeEach(() => {
  clock = new FakeClock(0);
  socket = new FakeSocket();
  asked = 0;
  reconnects = 0;
  const ua = {
    sendOptions: () => (asked += 1),
    transport: { connect: () => (reconnects += 1) },
  };
  liveness = new LineLiveness(ua as unknown as UA, socket as unknown as SignallingSocket, clock);
});

describe('a connection', () => {
  it('that has been silent for long is asked, and dropped when it does not answer', () => {
    clock.advance(25_000);
    expect(asked).toBe(1);
    clock.advance(4_000);
    expect(socket.dropped).toEqual(['no answer to OPTIONS']);
  });

  it('that answers is kept', () => {
    clock.advance(25_000);
    socket.heardAt = clock.now();
    clock.advance(4_000);
    expect(socket.dropped).toEqual([]);
  });

  it('is given up soon after waking, so that the line is back within three seconds', () => {
    clock.advance(25_000);
    liveness.check();
    liveness.check();
    expect(asked, 'the patient probe gives way to one that is not').toBe(2);
    clock.advance(1_500);
    expect([socket.dropped.length, reconnects]).toEqual([1, 1]);
  });

  it('that is not there is opened at once, and one that hangs is begun anew', () => {
    socket.connected = false;
    liveness.check();
    expect([reconnects, socket.dropped]).toEqual([1, []]);
    socket.connectingForMs = 500;
    liveness.check();
    expect(reconnects, 'what was just begun has a moment').toBe(1);
    socket.connectingForMs = 1_500;
    clock.advance(1_000);
    expect([reconnects, socket.dropped]).toEqual([2, ['connecting anew']]);
    clock.advance(4_000);
    expect(reconnects, 'and a slow one is not hurried twice').toBe(2);
  });

  it('leaves no timer behind', () => {
    liveness.check();
    liveness.dispose();
    expect(clock.pending).toBe(0);
  });
});
