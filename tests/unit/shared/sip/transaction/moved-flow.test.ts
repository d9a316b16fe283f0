import { describe, expect, it } from 'vitest';
import { Endpoint } from '../../../../../shared/sip/transaction/endpoint.ts';
import type { DropReason } from '../../../../../shared/sip/transaction/ports.ts';
import type {
  ClientOutcome,
  ServerTransaction,
} from '../../../../../shared/sip/transaction/transaction-user.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { FakeNetwork, type Link } from '../../../../fakes/fake-network.ts';
import { FakeSipRandom, sipClockOf } from '../../../../fakes/fake-sip-ports.ts';
import { sampleRequest } from '../../../../fakes/sip-pair.ts';

/** Alice reaches Bob by one connection, and by others once it is closed: each has addresses of its own. */
class Roaming {
  readonly clock = new FakeClock();
  readonly network = new FakeNetwork(this.clock);
  readonly received: ServerTransaction[] = [];
  readonly outcomes: ClientOutcome[] = [];
  readonly drops: DropReason[] = [];
  readonly alice = this.#endpoint('a', 'here');
  readonly bob = this.#endpoint('b', 'there');
  readonly links: readonly [Link, Link, Link] = [this.#link(), this.#link(), this.#link()];

  constructor() {
    this.bob.onRequest((transaction) => void this.received.push(transaction));
  }

  ask(method: string) {
    const onFinal = (outcome: ClientOutcome) => void this.outcomes.push(outcome);
    return this.alice.request(sampleRequest({ method }), this.links[0].here, { onFinal });
  }

  #link(): Link {
    return this.network.link(this.alice, this.bob, 'ws');
  }

  #endpoint(name: string, side: keyof Link): Endpoint {
    return new Endpoint({
      clock: sipClockOf(this.clock),
      random: new FakeSipRandom(name),
      observer: { dropped: (why) => void this.drops.push(why) },
      successorOf: (closed) => {
        const at = this.links.findIndex((link) => link[side] === closed);
        return this.links[at + 1]?.[side];
      },
    });
  }
}

describe('a request whose connection closed before anybody answered', () => {
  it('lets go of the connection that took over when it can not be sent there', () => {
    const roaming = new Roaming();
    const [first, second] = roaming.links;
    Object.assign(second.here, { send: () => 'too-large' as const });
    roaming.ask('NOTIFY');
    first.here.close();
    expect(roaming.outcomes).toEqual([{ kind: 'transport-error', reason: 'too-large' }]);
    expect(second.here.watched).toBe(false);
    expect(roaming.alice.liveTransactions).toBe(0);
  });

  it('follows from one connection to the next, and leaves none watched', () => {
    const roaming = new Roaming();
    const [first, second, third] = roaming.links;
    roaming.ask('NOTIFY');
    first.here.close();
    second.here.close();
    roaming.clock.advance(1);
    roaming.received.at(-1)?.reply(200);
    roaming.clock.advance(1);
    expect(roaming.outcomes).toMatchObject([{ kind: 'response', response: { status: 200 } }]);
    expect(roaming.network.script(third.here)).toEqual(['NOTIFY']);
    expect(third.here.watched).toBe(false);
  });

  it('lets go when it is stopped', () => {
    const roaming = new Roaming();
    const [first, second] = roaming.links;
    roaming.ask('NOTIFY');
    first.here.close();
    expect(second.here.watched).toBe(true);
    roaming.alice.close();
    expect(second.here.watched).toBe(false);
  });
});

describe('CANCEL', () => {
  it('gets its answer when it goes by another connection than its INVITE did', () => {
    const roaming = new Roaming();
    const [first, second] = roaming.links;
    const invite = roaming.ask('INVITE');
    roaming.clock.advance(1);
    roaming.received[0]?.reply(180);
    roaming.clock.advance(1);
    first.here.close();
    invite.cancel();
    roaming.clock.advance(10);
    expect(roaming.network.script(second.here)).toEqual(['CANCEL', 'ACK']);
    expect(roaming.network.script(second.there)).toEqual(['200 CANCEL', '487 INVITE']);
    expect(roaming.drops).toEqual([]);
    expect(roaming.outcomes).toMatchObject([{ kind: 'response', response: { status: 487 } }]);
    expect(roaming.alice.liveTransactions).toBe(0);
  });
});
