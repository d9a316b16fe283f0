import { setTimeout as pause } from 'node:timers/promises';
import { answered, park, PATIENCE_MS, recallOf, talk, type Scene } from '../scene.ts';

/** Parks, in every way there is, and what becomes of the parked. */
export const parking: readonly Scene[] = [
  {
    name: 'park by REFER, retrieve',
    play: async (cast) => {
      const parked = await park(cast);
      const { atCaller } = parked;
      const atTaker = await answered(cast.taker, parked.code);
      await atTaker.hangUp();
      await atCaller.byeReceived(PATIENCE_MS);
    },
  },
  {
    name: 'park by INVITE, retrieve, hold, resume',
    play: async (cast) => {
      const { atCaller, atParker } = await talk(cast);
      await atParker.hold();
      const confirmation = await answered(cast.parker, `*68${cast.taker.account.user}`);
      const parkId = confirmation.introduction.headers.get('X-Park-Id') ?? '';
      await confirmation.hangUp();
      await atParker.byeReceived(PATIENCE_MS);
      const atTaker = await answered(cast.taker, `*88;park-id=${parkId}`);
      await atTaker.hold();
      await atTaker.resume();
      await atCaller.hangUp();
      await atTaker.byeReceived(PATIENCE_MS);
    },
  },
  {
    name: 'two race for one call',
    play: async (cast) => {
      const parked = await park(cast);
      const { atCaller } = parked;
      const tries = [cast.taker, cast.watcher].map((phone) => phone.dial(parked.code));
      const answers = await Promise.all(tries.map((each) => each.finished(PATIENCE_MS)));
      const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
      if (statuses.join() !== '200,410') throw new Error(`a race ended ${statuses.join()}`);
      await tries.find(({ call }) => call !== undefined)?.call?.hangUp();
      await atCaller.byeReceived(PATIENCE_MS);
    },
  },
  {
    name: 'recalled and answered',
    play: async (cast) => {
      const parked = await park(cast);
      const { atCaller } = parked;
      const back = (await recallOf(cast.parker, parked)).answer();
      await pause(50);
      await atCaller.hangUp();
      await back.byeReceived(PATIENCE_MS);
    },
  },
  {
    name: 'taken while the recall rings',
    play: async (cast) => {
      const parked = await park(cast);
      const { atCaller } = parked;
      const recall = await recallOf(cast.parker, parked);
      recall.ring();
      const atTaker = await answered(cast.taker, parked.code);
      await recall.wasCancelled(PATIENCE_MS);
      await atTaker.hangUp();
      await atCaller.byeReceived(PATIENCE_MS);
    },
  },
  {
    name: 'the caller gives up waiting',
    play: async (cast) => {
      const { atCaller } = await park(cast);
      await atCaller.hangUp();
    },
  },
];
