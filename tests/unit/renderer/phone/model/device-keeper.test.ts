import { beforeEach, describe, expect, it } from 'vitest';
import { DeviceKeeper } from '../../../../../renderer/phone/model/device-keeper.ts';
import { storageKeeper } from '../../../../../renderer/phone/model/keeper.ts';
import type { NoticeContent } from '../../../../../renderer/phone/model/notice.ts';
import { SettingsStore } from '../../../../../renderer/phone/model/settings-store.ts';
import { Emitter } from '../../../../../renderer/sip/emitter.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';

const headset = { id: 'h', label: 'Headset' };
const desk = { id: 'd', label: 'Desk' };

let speakers: readonly { id: string; label: string }[];
let changes: Emitter<null>;
let said: NoticeContent[];
let used: (string | null)[];
let clock: FakeClock;
let keeper: DeviceKeeper;
let settings: SettingsStore;

const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** A headset that comes back is used when its old stream is surely gone. */
async function seconds(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    clock.advance(1_000);
    await settle();
  }
}

async function plugged(...now: typeof speakers): Promise<void> {
  speakers = now;
  changes.emit(null);
  await settle();
}

beforeEach(async () => {
  speakers = [headset, desk];
  changes = new Emitter();
  said = [];
  used = [];
  clock = new FakeClock();
  settings = new SettingsStore(storageKeeper(null), 'a');
  keeper = new DeviceKeeper({
    settings,
    clock,
    devices: {
      list: () => Promise.resolve({ microphones: [], speakers }),
      onChange: (run) => changes.listen(run),
    },
    say: (what) => said.push(what),
  });
  keeper.whenUsed(({ speaker }) => used.push(speaker));
  await settle();
});

describe('the speaker', () => {
  it('goes over to the last good choice when it is unplugged, and back, saying so both times', async () => {
    keeper.choose('speaker', desk);
    keeper.choose('speaker', headset);
    await plugged(desk);
    expect(keeper.inUse.speaker).toBe('d');
    await plugged(desk, headset);
    await seconds(6);
    expect(keeper.inUse.speaker).toBe('h');
    expect(used).toEqual(['d', 'h', 'd', 'h']);
    expect(said).toEqual([
      { kind: 'device-changed', role: 'speaker', change: 'gone', label: 'Desk' },
      { kind: 'device-changed', role: 'speaker', change: 'back', label: 'Headset' },
    ]);
  });

  it('is the system’s when nothing that was good is there, also when nothing is', async () => {
    keeper.choose('speaker', headset);
    await plugged();
    expect(keeper.inUse.speaker).toBeNull();
    expect(said).toMatchObject([{ change: 'gone', label: '' }]);
    expect(settings.current.speakerDevice).toBe('h');
  });

  it('says nothing of what does not concern it, nor of what the user chose', async () => {
    keeper.choose('speaker', headset);
    await plugged(headset);
    await plugged(headset, desk);
    keeper.choose('speaker', desk);
    expect(said).toEqual([]);
  });
});

describe('a phone that ends while devices are looked at', () => {
  it('uses no device any more, and tells nobody', async () => {
    keeper.choose('speaker', headset);
    used.length = 0;
    speakers = [desk];
    keeper.look();
    keeper.dispose();
    await settle();
    expect([used, said]).toEqual([[], []]);
    expect(keeper.inUse.speaker).toBe('h');
  });
});

describe('a loudspeaker that comes back at once', () => {
  it('is used again when the browser has forgotten its dead stream, also outside calls', async () => {
    keeper.choose('speaker', headset);
    await plugged(desk);
    await plugged(desk, headset);
    await seconds(5);
    expect(keeper.inUse.speaker).toBeNull();
    await seconds(1);
    expect(keeper.inUse.speaker).toBe('h');
    expect(clock.pending).toBe(0);
  });

  it('is used again although the clock was set back', async () => {
    keeper.choose('speaker', headset);
    await plugged(desk);
    clock.shiftWallClock(-3_600_000);
    await plugged(desk, headset);
    expect(keeper.inUse.speaker).toBe('h');
  });
});

describe('the microphone', () => {
  it('stays as chosen while the browser tells of none: nothing was allowed yet', async () => {
    keeper.choose('microphone', { id: 'm', label: '' });
    await plugged(headset);
    expect(keeper.inUse.microphone).toBe('m');
  });
});

describe('a system that does not say which devices come and go', () => {
  const silently = (...now: typeof speakers) => {
    speakers = now;
  };

  it('is asked all the time while a call goes on, and let alone afterwards', async () => {
    keeper.choose('speaker', headset);
    keeper.setInCall(true);
    silently(desk);
    await seconds(1);
    expect(keeper.inUse.speaker).toBeNull();
    silently(desk, headset);
    await seconds(7);
    expect(keeper.inUse.speaker).toBe('h');

    keeper.setInCall(false);
    silently(desk);
    await seconds(5);
    expect(keeper.inUse.speaker).toBe('h');
    expect(clock.pending).toBe(0);
  });

  it('is asked before anything sounds', async () => {
    keeper.choose('ringer', headset);
    silently(desk);
    keeper.look();
    await settle();
    expect(keeper.inUse.ringer).toBeNull();
  });
});
