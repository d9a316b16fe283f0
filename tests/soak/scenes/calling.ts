import { setTimeout as pause } from 'node:timers/promises';
import { ANY_WAY, signIn } from '../phones.ts';
import { park, PATIENCE_MS, plainCall, talk, type Scene } from '../scene.ts';

/** Calls, sign-ins and lamps of every day. */
export const calling: readonly Scene[] = [
  {
    name: 'call, hold, resume, hang up',
    play: async (cast) => {
      const { atCaller, atParker } = await talk(cast);
      await atCaller.hold();
      await atCaller.resume();
      await atParker.hangUp();
      await atCaller.byeReceived(PATIENCE_MS);
    },
  },
  {
    name: 'the caller does not wait for an answer',
    play: async ({ caller, parker }) => {
      const dialled = caller.dial(parker.account.user);
      const ringing = await plainCall(parker);
      ringing.ring();
      await dialled.ringing();
      dialled.cancel();
      await ringing.wasCancelled(PATIENCE_MS);
      await dialled.finished(PATIENCE_MS);
    },
  },
  {
    name: 'refused, unknown, nothing parked',
    play: async ({ caller, parker }) => {
      const dialled = caller.dial(parker.account.user);
      (await plainCall(parker)).refuse(486);
      await dialled.finished(PATIENCE_MS);
      for (const nobody of ['999999', '*88', '*68999999']) {
        const { status } = await caller.dial(nobody).finished(PATIENCE_MS);
        if (status < 400) throw new Error(`${nobody}: ${status}`);
      }
    },
  },
  {
    name: 'a lamp is watched, refreshed and let go',
    play: async (cast) => {
      const { watcher, taker } = cast;
      const lamp = await watcher.subscribe(`*88${taker.account.user}`);
      const list = await taker.subscribe('*88');
      const { atCaller } = await park(cast);
      const lit = () => lamp.notifies.some(({ text }) => text.includes('confirmed'));
      await watcher.until('the lamp to light', lit, PATIENCE_MS);
      await lamp.refresh();
      await atCaller.hangUp();
      // Not the last NOTIFY only: the lists tell of callers who vanished, too.
      const ended = () => list.notifies.some(({ text }) => text.includes('terminated'));
      await taker.until('the end of the call in the list', ended, PATIENCE_MS);
      for (const each of [lamp, list]) {
        await each.refresh(0);
        await each.shows(
          'the last word',
          (_, { headers }) => headers.get('Subscription-State')?.startsWith('terminated') === true,
          PATIENCE_MS,
        );
      }
    },
  },
  {
    name: 'a device signs in, refreshes and out, elsewhere each time',
    play: async ({ watcher }, { ports, chance }) => {
      for (let visit = 0; visit < 3; visit += 1) {
        const phone = await signIn(ports, watcher.account.user, chance.pick(ANY_WAY));
        await phone.register();
        await phone.register(0);
        await pause(5);
        await phone.close();
      }
      // Whoever signs in here signs all others of that extension out.
      await watcher.register();
    },
  },
];
