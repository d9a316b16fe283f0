import { beforeEach, expect, it } from 'vitest';
import { callBack } from '../../../../renderer/phone/features/history/call-back.ts';
import type { Phone } from '../../../../renderer/phone/model/phone.ts';
import { epochMs } from '../../../../shared/domain/ids.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { ScriptedLine } from '../../../fakes/scripted-line.ts';
import { scriptedPhone } from '../../../fakes/scripted-phone.ts';

let line: ScriptedLine;
let phone: Phone;

beforeEach(() => {
  line = new ScriptedLine();
  phone = scriptedPhone({ line, clock: new FakeClock(), extension: '101' });
  line.become({ kind: 'registered', at: epochMs(0), apiBaseUrl: null });
});

const dialled = () =>
  line.performed.flatMap((effect) => (effect.kind === 'dial' ? [effect.target] : []));
const call = (number: string, before?: string) =>
  callBack(before === undefined ? { number } : { number, dialled: before }, {
    phone,
    dialler: phone,
  });

it('calls back whoever called', () => {
  call('+49301234');
  expect(dialled()).toEqual(['+49301234']);
});

it('dials no code because a caller calls themselves one', () => {
  for (const number of ['*7290012345', '%2a68102', '#21#']) {
    call(number);
    expect(phone.state.getState().toDial).toBe(number);
  }
  call('*7290012345', '600');
  expect(dialled()).toEqual([]);
});

it('dials a code again that the user had dialled', () => {
  call('*68102', '*68102');
  expect(dialled()).toEqual(['*68102']);
});
