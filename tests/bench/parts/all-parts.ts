import type { BenchPart } from '../frame/part.ts';
import { adminList } from './admin-list.ts';
import { app } from './app.ts';
import { attacked } from './beside-attack.ts';
import { bridge } from './bridge.ts';
import { bundle } from './bundle.ts';
import { conference } from './conference.ts';
import { groupNotify } from './group-notify.ts';
import { inCall } from './in-call.ts';
import { list } from './list.ts';
import { media } from './media.ts';
import { memory } from './memory.ts';
import { music100 } from './music-100.ts';
import { notifyFanout } from './notify-fanout.ts';
import { opus } from './opus.ts';
import { parkCycle } from './park-cycle.ts';
import { register } from './register.ts';
import { retrieve } from './retrieve.ts';
import { serverStart } from './server-start.ts';
import { sipParser } from './sip-parser.ts';
import { switchOver } from './switch.ts';

/** Every part, in the order in which they run: first what a user feels, then what the server takes. */
export const allParts: readonly BenchPart[] = [
  retrieve,
  switchOver,
  opus,
  app,
  inCall,
  conference,
  list,
  bundle,
  adminList,
  serverStart,
  register,
  parkCycle,
  notifyFanout,
  groupNotify,
  attacked,
  media,
  bridge,
  music100,
  memory,
  sipParser,
];
