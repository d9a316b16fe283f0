import type { Clock } from '../../domain/clock.ts';
import type { TenantId } from '../../domain/ids.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { AudioRefusal, MediaEngine } from '../../media/engine.ts';
import type { Logger } from '../log.ts';
import type { MusicFacts, MusicStore } from '../store/music-store.ts';
import { convertInThread } from './convert-music.ts';

export interface TenantMusicParts {
  readonly media: Pick<MediaEngine, 'makeClip' | 'addMusic' | 'removeMusic'>;
  readonly store: MusicStore;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What tenants play to parked callers: on disk, and in the media engine under the tenant's id. */
export class TenantMusic {
  readonly #parts: TenantMusicParts;
  /** Latest change of each tenant: a slow upload must not undo what came after it. */
  readonly #turns = new Map<TenantId, number>();

  constructor(parts: TenantMusicParts) {
    this.#parts = parts;
  }

  /** Gives the media engine what was uploaded before this start; until it is ready callers hear the built-in music. */
  async restore(tenants: readonly TenantId[]): Promise<void> {
    const { store, log } = this.#parts;
    for (const tenant of tenants) {
      const wav = store.wav(tenant);
      if (wav === undefined) continue;
      const played = await this.#play(tenant, wav, this.#turn(tenant));
      if (!played.ok) log.warn({ tenant, reason: played.error.reason }, 'music cannot be played');
    }
  }

  facts(tenant: TenantId): MusicFacts | undefined {
    return this.#parts.store.facts(tenant);
  }

  wav(tenant: TenantId): Buffer | undefined {
    return this.#parts.store.wav(tenant);
  }

  /**
   * Checks a file, keeps it and plays it from now on, also to those who wait already.
   * @param by name of the admin
   */
  async replace(
    tenant: TenantId,
    file: Uint8Array,
    by: string,
  ): Promise<Result<null, AudioRefusal>> {
    const converted = await convertInThread(file);
    if (!converted.ok) return converted;
    const { wav, rate, durationMs } = converted.value;
    const turn = this.#turn(tenant);
    const uploadedAt = this.#parts.clock.now();
    this.#parts.store.save(tenant, wav, { rate, durationMs, uploadedBy: by, uploadedAt });
    return this.#play(tenant, wav, turn);
  }

  /** Back to the built-in music. @returns whether there was another */
  remove(tenant: TenantId): boolean {
    this.#turn(tenant);
    this.#parts.media.removeMusic(tenant);
    return this.#parts.store.remove(tenant);
  }

  #turn(tenant: TenantId): number {
    const turn = (this.#turns.get(tenant) ?? 0) + 1;
    this.#turns.set(tenant, turn);
    return turn;
  }

  async #play(
    tenant: TenantId,
    wav: Uint8Array,
    turn: number,
  ): Promise<Result<null, AudioRefusal>> {
    const clip = await this.#parts.media.makeClip(wav);
    if (!clip.ok) return clip;
    if (this.#turns.get(tenant) === turn) this.#parts.media.addMusic(tenant, clip.value);
    return ok(null);
  }
}
