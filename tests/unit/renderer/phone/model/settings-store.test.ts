import { beforeEach, describe, expect, it } from 'vitest';
import type { Keeper } from '../../../../../renderer/phone/model/keeper.ts';
import {
  MachineSettings,
  SettingsStore,
} from '../../../../../renderer/phone/model/settings-store.ts';
import { memoryKeeper } from '../../../../fakes/memory-keeper.ts';

let keeper: Keeper;

beforeEach(() => {
  keeper = memoryKeeper();
});

describe('the settings of several accounts', () => {
  it('are one for what belongs to the machine, and each its own for what belongs to an account', () => {
    const machine = new MachineSettings(keeper, null);
    const [office, home] = ['office', 'home'].map((key) => new SettingsStore(keeper, key, machine));
    office?.change({ language: 'de', doNotDisturb: true });
    expect(home?.current).toMatchObject({ language: 'de', doNotDisturb: false });
    expect(machine.current.language).toBe('de');
  });

  it('are there again after a restart', () => {
    new SettingsStore(keeper, 'office', new MachineSettings(keeper, null)).change({
      theme: 'dark',
      autoAnswer: true,
    });
    const machine = new MachineSettings(keeper, null);
    expect(new SettingsStore(keeper, 'office', machine).current).toMatchObject({
      theme: 'dark',
      autoAnswer: true,
    });
    expect(new SettingsStore(keeper, 'home', machine).current).toMatchObject({
      theme: 'dark',
      autoAnswer: false,
    });
  });

  it('take over what the account used last had, from when each account had everything for itself', () => {
    keeper.write('settings:office', { language: 'de', ringerVolume: 0.2, doNotDisturb: true });
    keeper.write('settings:home', { language: 'en', digitsBy: 'info' });
    const machine = new MachineSettings(keeper, 'office');
    expect(new SettingsStore(keeper, 'office', machine).current).toMatchObject({
      language: 'de',
      ringerVolume: 0.2,
      doNotDisturb: true,
    });
    expect(new SettingsStore(keeper, 'home', machine).current).toMatchObject({
      language: 'de',
      digitsBy: 'info',
      doNotDisturb: false,
    });
  });

  it('keep what they took over when the account then changes something of its own', () => {
    keeper.write('settings:office', { language: 'de', ringerDevice: 'desk speaker' });
    const before = new MachineSettings(keeper, 'office');
    new SettingsStore(keeper, 'office', before).change({ doNotDisturb: true });
    const after = new SettingsStore(keeper, 'office', new MachineSettings(keeper, 'office'));
    expect(after.current).toMatchObject({
      language: 'de',
      ringerDevice: 'desk speaker',
      doNotDisturb: true,
    });
  });

  it('tell whoever listens to one account what another one changed for the machine', () => {
    const machine = new MachineSettings(keeper, null);
    const [office, home] = ['office', 'home'].map((key) => new SettingsStore(keeper, key, machine));
    const heard: boolean[] = [];
    home?.onChange(({ keyTones }) => heard.push(keyTones));
    office?.change({ keyTones: false });
    expect(heard).toEqual([false]);
    home?.dispose();
    office?.change({ keyTones: true });
    expect(heard).toEqual([false]);
  });
});
