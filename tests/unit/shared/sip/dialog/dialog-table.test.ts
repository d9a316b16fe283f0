import { describe, expect, it } from 'vitest';
import { Dialog } from '../../../../../shared/sip/dialog/dialog.ts';
import { DialogTable } from '../../../../../shared/sip/dialog/dialog-table.ts';
import { formatReplaces, parseReplaces } from '../../../../../shared/sip/dialog/replaces.ts';
import { makeResponse } from '../../../../../shared/sip/message/builders.ts';
import { sampleRequest } from '../../../../fakes/sip-pair.ts';

const localContact = '<sip:b2b@198.51.100.1>';
const uas = (state: 'early' | 'confirmed' = 'confirmed') =>
  Dialog.fromRequest(sampleRequest(), { localTag: 'b', localContact, state });
const uac = (status: number) =>
  Dialog.fromResponse(sampleRequest(), makeResponse(sampleRequest(), status, { toTag: 'z' }), {
    localContact,
  });

const replacing = (...values: string[]) =>
  sampleRequest({
    callId: 'new',
    headers: values.map((value) => ['Replaces', value] as const),
  });

describe('the dialog table', () => {
  it('finds the dialog of a request by Call-ID and both tags', () => {
    const table = new DialogTable<string>();
    const dialog = uas();
    table.add(dialog, 'leg');
    expect(table.forRequest(sampleRequest({ method: 'BYE', toTag: 'b' }))?.owner).toBe('leg');
    expect(table.find(dialog.id)?.dialog).toBe(dialog);
    for (const stranger of [
      sampleRequest({ method: 'BYE', toTag: 'x' }),
      sampleRequest({ method: 'BYE' }),
      sampleRequest({ method: 'BYE', toTag: 'b', callId: 'other' }),
    ]) {
      expect(table.forRequest(stranger)).toBeUndefined();
    }
  });

  it('forgets what was disposed of, but not who took its place', () => {
    const table = new DialogTable<string>();
    const first = table.add(uas(), 'first');
    const second = table.add(uas(), 'second');
    first.dispose();
    expect(table.find(uas().id)?.owner).toBe('second');
    second.dispose();
    second.dispose();
    expect(table.size).toBe(0);
  });
});

describe('Replaces (RFC 3891)', () => {
  const tableOf = (dialog: Dialog) => {
    const table = new DialogTable<string>();
    table.add(dialog, 'leg');
    return table;
  };
  const outcome = (table: DialogTable<string>, ...values: string[]) => {
    const result = table.forReplaces(replacing(...values));
    return result.kind === 'refused' ? result.status : result.kind;
  };
  const ours = 'call-1;to-tag=b;from-tag=alice';

  it('finds the dialog by either order of tags', () => {
    const table = tableOf(uas());
    expect(outcome(table, ours)).toBe('match');
    expect(outcome(table, 'call-1 ;from-tag=b; to-tag=alice')).toBe('match');
    expect(outcome(table, 'call-1;to-tag=b;from-tag=b')).toBe(481);
    expect(outcome(table)).toBe('none');
  });

  it('an ended dialog is declined, an unknown one does not exist', () => {
    const dialog = uas();
    dialog.terminate();
    expect(outcome(tableOf(dialog), ours)).toBe(603);
    expect(outcome(new DialogTable(), ours)).toBe(481);
  });

  it('early-only spares an answered dialog', () => {
    expect(outcome(tableOf(uas()), `${ours};early-only`)).toBe(486);
    const early = tableOf(uac(180));
    const result = early.forReplacesValue('call-1;to-tag=alice;from-tag=z;early-only');
    expect(result).toMatchObject({ kind: 'match', earlyOnly: true });
  });

  it('an early dialog that we were called by cannot be replaced', () => {
    expect(outcome(tableOf(uas('early')), ours)).toBe(481);
  });

  it('but its caller may give it away in a transfer, which sends nobody a Replaces', () => {
    const table = tableOf(uas('early'));
    expect(table.forTransfer(`${ours};early-only`)).toMatchObject({ kind: 'match' });
    expect(table.forTransfer('call-1;to-tag=x;from-tag=alice')).toMatchObject({ status: 481 });
    expect(tableOf(uas()).forTransfer(`${ours};early-only`)).toMatchObject({ status: 486 });
    expect(table.forTransfer('call-1;to-tag=b')).toMatchObject({ status: 400 });
  });

  it('two of them, one in another request, or nonsense are bad requests', () => {
    const table = tableOf(uas());
    expect(outcome(table, ours, ours)).toBe(400);
    const refer = sampleRequest({ method: 'REFER', headers: [['Replaces', ours]] });
    expect(table.forReplaces(refer)).toMatchObject({ kind: 'refused', status: 400 });
    for (const value of [
      '',
      'call-1',
      'call-1;to-tag=b',
      ';to-tag=b;from-tag=a',
      `${ours};to-tag=c`,
    ]) {
      expect(table.forReplacesValue(value)).toMatchObject({ kind: 'refused', status: 400 });
    }
  });

  it('is written as it is read', () => {
    const value = 'a@b;to-tag=1;from-tag=2;early-only';
    const parsed = parseReplaces(value);
    expect(parsed && formatReplaces(parsed)).toBe(value);
  });
});
