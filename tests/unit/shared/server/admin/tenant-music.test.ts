import { expect, it } from 'vitest';
import { ok, type Result } from '../../../../../shared/domain/result.ts';
import type { AudioClip, AudioRefusal } from '../../../../../shared/media/engine.ts';
import { writeWav } from '../../../../../shared/media/music/wav.ts';
import { TenantMusic } from '../../../../../shared/server/admin/tenant-music.ts';
import { silentLogger } from '../../../../../shared/server/log.ts';
import { MusicStore } from '../../../../../shared/server/store/music-store.ts';
import { FakeMediaEngine } from '../../../../fakes/fake-media-engine.ts';
import { MemoryStore } from '../../../../fakes/memory-store.ts';

const tune = (level: number) => writeWav({ rate: 8000, samples: new Int16Array(8000).fill(level) });

function begin(media = new FakeMediaEngine()) {
  const memory = new MemoryStore();
  const tenant = memory.addTenant('acme').id;
  const store = new MusicStore(memory.database);
  const parts = { media, store, clock: memory.clock, log: silentLogger };
  return {
    media,
    tenant,
    store,
    music: new TenantMusic(parts),
    again: () => new TenantMusic(parts),
  };
}

it('is played again after a restart', async () => {
  const { media, tenant, music, again } = begin();
  await music.replace(tenant, tune(100), 'ada');
  await again().restore([tenant]);
  expect(media.log.filter((line) => line === `add-music ${tenant}`)).toHaveLength(2);
});

it('is kept as it was when a file is no use', async () => {
  const { tenant, store, music } = begin();
  await music.replace(tenant, tune(100), 'ada');
  const refused = await music.replace(tenant, Buffer.from('no WAV at all'), 'ben');
  expect(refused.ok).toBe(false);
  expect(store.facts(tenant)).toMatchObject({ uploadedBy: 'ada', durationMs: 1000 });
});

it('is what was chosen last, however long the preparation of another takes', async () => {
  class SlowEngine extends FakeMediaEngine {
    finish: () => void = () => undefined;
    override async makeClip(wav: Uint8Array): Promise<Result<AudioClip, AudioRefusal>> {
      await new Promise<void>((resolve) => (this.finish = resolve));
      const clip = await super.makeClip(wav);
      return clip.ok ? ok(clip.value) : clip;
    }
  }
  const media = new SlowEngine();
  const { tenant, music, store } = begin(media);
  const slow = music.replace(tenant, tune(100), 'ada');
  while (store.facts(tenant) === undefined) await new Promise((resolve) => setImmediate(resolve));
  music.remove(tenant);
  media.finish();
  await slow;
  expect(media.log).toEqual([`remove-music ${tenant}`]);
});
