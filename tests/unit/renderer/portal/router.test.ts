import { beforeEach, describe, expect, it } from 'vitest';
import { Router, type AddressBar } from '../../../../renderer/portal/model/router.ts';

/** An address bar with a history of its own. */
class FakeBar implements AddressBar {
  hash = '#/t/t1/users/101';
  isUnsaved: () => boolean = () => false;
  #changed: () => void = () => undefined;

  show(hash: string): void {
    this.hash = hash;
  }

  go(hash: string): void {
    this.hash = hash;
    this.#changed();
  }

  onChange(run: () => void): void {
    this.#changed = run;
  }

  beforeClose(isUnsaved: () => boolean): void {
    this.isUnsaved = isUnsaved;
  }
}

let bar: FakeBar;
let router: Router;
let unsaved: boolean;

beforeEach(() => {
  bar = new FakeBar();
  router = new Router(bar);
  unsaved = true;
});

const page = () => {
  const { route } = router.state.getState();
  return route.kind === 'home' ? 'home' : route.page;
};

describe('leaving what is not saved', () => {
  it('asks, and stays: the address is the one of the page again', () => {
    router.guard(() => unsaved);
    bar.go('#/admins');
    expect([page(), bar.hash]).toEqual(['users', '#/t/t1/users/101']);
    expect(router.state.getState().asked).not.toBeNull();
    router.stay();
    expect(router.state.getState().asked).toBeNull();
    expect(page()).toBe('users');
  });

  it('asks, and goes on to where one wanted', () => {
    router.guard(() => unsaved);
    bar.go('#/admins');
    router.leave();
    expect([page(), bar.hash]).toEqual(['admins', '#/admins']);
    expect(router.state.getState().asked).toBeNull();
  });

  it('asks before anything else that gives it up, and before the window closes', () => {
    router.guard(() => unsaved);
    let done = 0;
    router.ask(() => (done += 1));
    expect([done, bar.isUnsaved()]).toEqual([0, true]);
    router.leave();
    expect(done).toBe(1);
  });

  it('does not ask where all is saved, nor when the form is gone', () => {
    const guard = router.guard(() => unsaved);
    unsaved = false;
    bar.go('#/admins');
    expect(page()).toBe('admins');
    unsaved = true;
    guard.dispose();
    bar.go('#/tenants');
    expect(page()).toBe('tenants');
  });

  it('does not ask on the way from a form that was just saved', () => {
    router.guard(() => unsaved);
    router.goOn({ kind: 'server', page: 'audit', item: null });
    expect([page(), bar.hash]).toEqual(['audit', '#/audit']);
  });
});
