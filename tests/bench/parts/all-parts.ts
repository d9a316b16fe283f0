import type { BenchPart } from '../frame/part.ts';
import { app } from './app.ts';
import { attacked } from './beside-attack.ts';
import { bundle } from './bundle.ts';
import { list } from './list.ts';
import { media } from './media.ts';
import { memory } from './memory.ts';
import { music100 } from './music-100.ts';
import { opus } from './opus.ts';
import { parkCycle } from './park-cycle.ts';
import { register } from './register.ts';
import { retrieve } from './retrieve.ts';
import { sipParser } from './sip-parser.ts';
import { switchOver } from './switch.ts';

/** Every part, in the order in which they run: first what a user feels, then what the server takes. */
export const allParts: readonly BenchPart[] = [
  retrieve,
  switchOver,
  opus,
  app,
  list,
  bundle,
  register,
  parkCycle,
  attacked,
  media,
  music100,
  memory,
  sipParser,
];
