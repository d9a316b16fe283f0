import { describe, expect, it } from 'vitest';
import { hashOf, parseRoute, type Route } from '../../../../renderer/portal/model/route.ts';
import { openingOf } from '../../../../renderer/portal/model/opening.ts';

describe('an address of the portal', () => {
  it.each<[string, Route]>([
    ['#/', { kind: 'home' }],
    ['#/t/t1/live', { kind: 'tenant', tenantId: 't1', page: 'live', item: null }],
    [
      '#/t/t1/park-groups/g%2F1',
      { kind: 'tenant', tenantId: 't1', page: 'park-groups', item: 'g/1' },
    ],
    ['#/admins', { kind: 'server', page: 'admins', item: null }],
  ])('%s goes there and back', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route);
    expect(hashOf(route)).toBe(hash);
  });

  it.each(['', '#', '#/t/t1/nowhere', '#/t//live', '#/nowhere', '#/%E0%A4%A'])(
    '%s that names nothing is home',
    (hash) => expect(parseRoute(hash)).toEqual({ kind: 'home' }),
  );
});

describe('how the portal is opened', () => {
  const at = (hash: string, hostname = 'pbx.example') => openingOf({ hash, hostname });

  it('reads the set-up token of the link that the server prints', () => {
    expect(at('#setup=abcDEF_123-456')).toEqual({ setupToken: 'abcDEF_123-456', signIn: null });
  });

  it('reads a sign-in on this machine alone', () => {
    const signIn = { name: 'demo', password: 'a:b c' };
    expect(at('#sign-in=demo:a%3Ab%20c', '127.0.0.1')).toEqual({ setupToken: null, signIn });
    expect(at('#sign-in=demo:a%3Ab%20c')).toEqual({ setupToken: null, signIn: null });
  });

  it('takes any other address for an ordinary one', () => {
    expect(at('#/admins')).toBeNull();
    expect(at('#setup=<script>')).toBeNull();
  });
});
