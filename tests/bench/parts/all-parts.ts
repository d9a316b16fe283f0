import type { BenchPart } from '../frame/part.ts';
import { app } from './app.ts';
import { bundle } from './bundle.ts';
import { list } from './list.ts';
import { sipParser } from './sip-parser.ts';

/** Every part, in the order in which they run. */
export const allParts: readonly BenchPart[] = [app, list, bundle, sipParser];
