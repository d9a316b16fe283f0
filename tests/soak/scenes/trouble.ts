import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { mutated } from '../../fuzz/mutate.ts';
import { fuzzSeeds } from '../../fuzz/seeds.ts';
import { signIn } from '../phones.ts';
import { park, PATIENCE_MS, plainCall, talk, type Scene, type Stage } from '../scene.ts';

/** Strangers have an address of their own: that of the phones is exempt from counting. */
const STRANGER = '127.0.0.66';
const PIECES = 20;

const rubbish = ({ chance }: Stage): readonly Buffer[] =>
  Array.from({ length: PIECES }, () => mutated(fuzzSeeds(), chance));

/** Phones that vanish in the middle of something, and senders of rubbish. */
export const trouble: readonly Scene[] = [
  {
    name: 'a parked caller vanishes',
    leaves: true,
    play: async (cast) => {
      await park(cast);
      await cast.caller.close();
    },
  },
  {
    name: 'both ends of a call vanish',
    leaves: true,
    play: async (cast) => {
      await talk(cast);
      await Promise.all([cast.caller.close(), cast.parker.close()]);
    },
  },
  {
    name: 'a ringing phone vanishes, then the caller; the next one is rung, and declines',
    leaves: true,
    play: async ({ caller, parker }, { ports }) => {
      const dialled = caller.dial(parker.account.user);
      (await plainCall(parker)).ring();
      // A connection that breaks may take the 180 along: then nobody rings, and the call is over.
      await dialled.ringing();
      await parker.close();
      await caller.close();
      const next = await signIn(ports, parker.account.user, 'udp');
      (await plainCall(next)).refuse(603);
      await next.close();
    },
  },
  {
    name: 'a watcher vanishes',
    leaves: true,
    play: async (cast) => {
      await cast.watcher.subscribe(`*88${cast.taker.account.user}`);
      await cast.watcher.close();
      const { atCaller } = await park(cast);
      await atCaller.hangUp();
    },
  },
  {
    name: 'a retriever takes and vanishes before its ACK',
    leaves: true,
    play: async (cast) => {
      const { atCaller, code } = await park(cast);
      const dialled = cast.taker.dial(code);
      dialled.acknowledge = false;
      await dialled.finished(PATIENCE_MS);
      await cast.taker.close();
      await atCaller.hangUp();
    },
  },
  {
    name: 'rubbish in datagrams',
    play: async (_, stage) => {
      const socket = createSocket('udp4');
      socket.bind(0, STRANGER);
      await once(socket, 'listening');
      for (const bytes of rubbish(stage)) socket.send(bytes, stage.ports.udp, '127.0.0.1');
      await pause(20);
      socket.close();
    },
  },
  {
    name: 'rubbish in a stream',
    play: async (_, stage) => {
      const socket = connect({ port: stage.ports.tcp, host: '127.0.0.1', localAddress: STRANGER });
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      for (const bytes of rubbish(stage)) socket.write(bytes);
      await pause(20);
      socket.destroy();
    },
  },
  {
    name: 'rubbish in a WebSocket',
    play: async (_, stage) => {
      const socket = new WebSocket(`ws://127.0.0.1:${stage.ports.ws}`, 'sip');
      socket.on('error', () => undefined);
      await once(socket, 'open');
      for (const bytes of rubbish(stage)) socket.send(bytes, () => undefined);
      await pause(20);
      socket.terminate();
    },
  },
];
