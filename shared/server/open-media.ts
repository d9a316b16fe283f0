import type { ServerConfig } from '../config/server-config.ts';
import { err, type Result } from '../domain/result.ts';
import type { MediaEngine } from '../media/engine.ts';
import type { Logger } from './log.ts';
import type { StartRefusal } from './start-refusal.ts';

/** Opens the embedded media engine as configured. */
export async function openMedia(
  config: ServerConfig['media'],
  log: Logger,
): Promise<Result<MediaEngine, StartRefusal>> {
  log.debug({ bind: config.bind }, 'opening');
  return err({ kind: 'media', why: 'no engine yet' });
}
