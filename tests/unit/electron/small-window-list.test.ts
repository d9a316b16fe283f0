import { describe, expect, test } from 'vitest';
import { PARKED_ALERT_MS, SmallWindowList } from '../../../electron/windows/small-window-list.ts';
import { alertId, applyChange } from '../../../shared/bridge/small-window.ts';
import type { SmallWindowChange } from '../../../shared/bridge/small-window.ts';
import type { PhoneAlert } from '../../../shared/bridge/snapshot.ts';
import { clientParked, snapshotWith } from '../../e2e/desktop/snapshots.ts';

const parked: PhoneAlert = {
  kind: 'parked',
  parkId: clientParked.parkId,
  title: 'Client',
  body: '',
};
const ringing = (callId: string): PhoneAlert => ({
  kind: 'incoming',
  callId,
  title: callId,
  body: '',
  recall: false,
});
const withAlerts = (...alerts: PhoneAlert[]) => snapshotWith([], { alerts });
const ids = (list: SmallWindowList): string[] => list.view.alerts.map(alertId);

describe('the small window’s list', () => {
  test('shows what came, and lets it go when the call does', () => {
    const list = new SmallWindowList();
    list.update(withAlerts(ringing('a'), parked), 0);
    expect(ids(list)).toEqual(['a', clientParked.parkId]);
    list.update(withAlerts(parked), 1);
    expect(ids(list)).toEqual([clientParked.parkId]);
  });

  test('a parked call leaves by itself, one that rings does not', () => {
    const list = new SmallWindowList();
    list.update(withAlerts(ringing('a'), parked), 1000);
    expect(list.nextTick()).toBe(1000 + PARKED_ALERT_MS);
    list.tick(1000 + PARKED_ALERT_MS);
    expect(ids(list)).toEqual(['a']);
    expect(list.nextTick()).toBeNull();
  });

  test('what was hidden by hand stays hidden while its call lives', () => {
    const list = new SmallWindowList();
    list.update(withAlerts(ringing('a')), 0);
    list.hide('a', 1);
    list.update(withAlerts(ringing('a'), ringing('b')), 2);
    expect(ids(list)).toEqual(['b']);
    list.update(withAlerts(), 3);
    list.update(withAlerts(ringing('a')), 4);
    expect(ids(list)).toEqual(['a']);
  });

  test('a line never moves because another one came', () => {
    const list = new SmallWindowList();
    list.update(withAlerts(ringing('b')), 0);
    list.update(withAlerts(ringing('a'), ringing('b')), 1);
    expect(ids(list)).toEqual(['b', 'a']);
  });

  test('its changes, applied one by one, are the whole', () => {
    const list = new SmallWindowList();
    let view = list.view;
    const apply = (changes: readonly SmallWindowChange[]): void => {
      for (const change of changes) view = applyChange(view, change) ?? view;
    };
    apply(list.update(withAlerts(ringing('a'), parked), 0));
    apply(list.update(withAlerts({ ...ringing('a'), body: '103' }, parked, ringing('c')), 1));
    apply(list.hide(clientParked.parkId, 2));
    apply(list.update(withAlerts(ringing('c')), 3));
    expect(view).toEqual(list.view);
  });

  test('a change that does not follow is refused: the window asks for the whole', () => {
    const { view } = new SmallWindowList();
    expect(applyChange(view, { kind: 'gone', sequence: view.sequence + 2, id: 'a' })).toBeNull();
    expect(applyChange(view, { kind: 'gone', sequence: view.sequence, id: 'a' })).toBeNull();
  });
});
