import { describe, expect, it } from 'vitest';
import { epochMs } from '../../../../shared/domain/ids.ts';
import { parkNotifyFrom } from '../../../../shared/phone/park-notify.ts';
import {
  mayResubscribe,
  resubscribeDelayMs,
  resubscribePolicy,
} from '../../../../shared/phone/resubscribe-policy.ts';
import { retrieveProblem } from '../../../../shared/phone/retrieve-problem.ts';
import { parseDialogInfo } from '../../../../shared/sip/events/dialog-info-reader.ts';

const park = `<?xml version="1.0"?>
<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" xmlns:p="urn:parkline:params:xml:ns:parked-call"
             version="7" state="full" entity="sip:*88@pbx.test">
  <dialog id="k3n5" call-id="k3n5@park" local-tag="pl" remote-tag="pr" direction="recipient">
    <state>confirmed</state>
    <local><identity display="Parked on 102">sip:*88102@pbx.test</identity>
           <target uri="sip:*88102@pbx.test;park-id=k3n5"/></local>
    <remote><identity display="&lt;b&gt;Client">sip:003386002678@pbx.test</identity></remote>
    <p:parked-call slot="102" group="Support" parker="101" parker-name="Bob"
      parked-at="2026-01-05T09:00:00Z" recall-at="2026-01-05T09:05:00Z" recall-to="parker"
      now="2026-01-05T09:01:00Z" state="parked" note="wants invoice 4711"/>
  </dialog>
</dialog-info>`;

function notify(xml: string) {
  const reading = parseDialogInfo(xml);
  if (reading.kind !== 'dialog-info') throw new Error(reading.reason);
  return parkNotifyFrom(reading.info);
}

function endOf(stateElement: string, attributes: string) {
  const xml = park
    .replace('<state>confirmed</state>', stateElement)
    .replace('state="parked"', attributes);
  return notify(xml).reports[0]?.state;
}

describe('a NOTIFY of parked calls', () => {
  it('tells everything a card shows, as text', () => {
    expect(notify(park)).toEqual({
      version: 7,
      scope: 'full',
      reports: [
        {
          id: 'k3n5',
          retrieveTarget: 'sip:*88102@pbx.test;park-id=k3n5',
          caller: { name: '<b>Client', number: '003386002678' },
          slot: '102',
          group: 'Support',
          parker: { extension: '101', name: 'Bob' },
          note: 'wants invoice 4711',
          recallTo: 'parker',
          recallGroup: null,
          alertsParker: false,
          times: {
            now: epochMs(Date.UTC(2026, 0, 5, 9, 1)),
            parkedAt: epochMs(Date.UTC(2026, 0, 5, 9, 0)),
            recallAt: epochMs(Date.UTC(2026, 0, 5, 9, 5)),
          },
          state: { kind: 'parked' },
        },
      ],
    });
  });

  it('of another server is understood by its standard parts', () => {
    const plain = park.replace(/<p:parked-call[^>]*\/>/s, '');
    expect(notify(plain).reports[0]).toMatchObject({
      caller: { name: '<b>Client', number: '003386002678' },
      slot: null,
      parker: null,
      state: { kind: 'parked' },
    });
  });

  const replaced = '<state event="replaced">terminated</state>';
  it.each([
    [
      replaced,
      'state="retrieved" ended-by="103" ended-reason="Retrieved by Carol"',
      { kind: 'retrieved', by: 'Carol' },
    ],
    [replaced, 'state="retrieved" ended-by="103"', { kind: 'retrieved', by: '103' }],
    [replaced, 'state="returned" ended-reason="Went back to Bob"', { kind: 'returned', to: 'Bob' }],
    ['<state event="remote-bye">terminated</state>', 'state="abandoned"', { kind: 'caller-gone' }],
    [
      '<state event="timeout">terminated</state>',
      'state="forwarded"',
      { kind: 'forwarded', to: null },
    ],
    [
      replaced,
      'state="forwarded" ended-reason="Went to the ring group" recall-group="Sales"',
      { kind: 'forwarded', to: 'Sales' },
    ],
    ['<state>terminated</state>', 'state="lost"', { kind: 'lost' }],
    ['<state>terminated</state>', 'state="parked"', { kind: 'unknown' }],
  ])('says how it ended: %s %s', (state, attributes, how) => {
    expect(endOf(state, attributes)).toEqual({ kind: 'ended', how });
  });
});

describe('a retrieve that fails', () => {
  const response = (status: number, reasonText: string | null = null) =>
    retrieveProblem({ kind: 'response', status, phrase: 'Phrase', reasonText });

  it.each([
    [410, 'Retrieved by Carol', { kind: 'gone', how: { kind: 'retrieved', by: 'Carol' } }],
    [410, 'Went back to Bob', { kind: 'gone', how: { kind: 'returned', to: 'Bob' } }],
    [410, 'Caller hung up', { kind: 'gone', how: { kind: 'caller-gone' } }],
    [410, 'Went to the ring group', { kind: 'gone', how: { kind: 'forwarded', to: null } }],
    [410, null, { kind: 'gone', how: { kind: 'unknown' } }],
    [480, null, { kind: 'gone', how: { kind: 'caller-gone' } }],
    [404, null, { kind: 'nothing-parked' }],
    [403, null, { kind: 'not-permitted' }],
    [488, null, { kind: 'media' }],
    [503, null, { kind: 'server-stopping' }],
    [500, null, { kind: 'refused', status: 500, text: 'Phrase' }],
  ])('with %i %s says why', (status, text, problem) => {
    expect(response(status, text)).toEqual(problem);
  });

  it('for want of a network says so', () => {
    expect(retrieveProblem({ kind: 'timeout' })).toEqual({ kind: 'no-connection' });
    expect(retrieveProblem({ kind: 'hold-failed' })).toEqual({ kind: 'hold-failed' });
  });
});

describe('the resubscribe policy', () => {
  it('starts within two seconds and backs off to a minute', () => {
    const soonest = (failures: number) => resubscribeDelayMs(failures, () => 0);
    const latest = (failures: number) => resubscribeDelayMs(failures, () => 0.999_999);
    expect([0, 1, 2, 3].map(soonest)).toEqual([0, 1000, 2000, 4000]);
    expect(latest(0)).toBeLessThanOrEqual(2000);
    expect(latest(50)).toBeLessThanOrEqual(60_000);
    expect(soonest(50)).toBeGreaterThan(50_000);
    expect(resubscribePolicy.expectNotifyMs).toBe(10_000);
  });

  it('heeds what the server asks for', () => {
    expect(resubscribeDelayMs(0, () => 0, 30_000)).toBe(30_000);
  });

  it('gives up only when the user was removed or there is nothing to watch', () => {
    expect(['deactivated', 'probation', 'timeout', null].every(mayResubscribe)).toBe(true);
    expect(['rejected', 'noresource'].some(mayResubscribe)).toBe(false);
  });
});
