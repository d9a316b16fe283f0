import { beforeEach, expect, it } from 'vitest';
import { dialForeign } from '../../../../../renderer/phone/model/dial-foreign.ts';
import type { Phone } from '../../../../../renderer/phone/model/phone.ts';
import { epochMs } from '../../../../../shared/domain/ids.ts';
import { readContactsCsv } from '../../../../../shared/phone/contacts-csv.ts';
import { readVcards } from '../../../../../shared/phone/contacts-vcard.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { ScriptedLine } from '../../../../fakes/scripted-line.ts';
import { scriptedPhone } from '../../../../fakes/scripted-phone.ts';

const vcard = (number: string) =>
  `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Client\r\nTEL:${number}\r\nEND:VCARD\r\n`;
const csv = (number: string) => `name,work\r\nClient,${number}\r\n`;

let line: ScriptedLine;
let phone: Phone;
let dialler: Phone;

beforeEach(() => {
  const clock = new FakeClock();
  line = new ScriptedLine();
  phone = scriptedPhone({ line, clock, extension: '101' });
  dialler = scriptedPhone({ line: new ScriptedLine(), clock, extension: '201' });
  line.become({ kind: 'registered', at: epochMs(0), apiBaseUrl: null });
});

/** Presses the first number of what a file brought. */
function press(file: ReturnType<typeof readVcards>): void {
  const number = file.contacts[0]?.numbers[0]?.number;
  if (number === undefined) throw new Error('no number');
  dialForeign(number, { phone, dialler });
}

const dialled = () =>
  line.performed.flatMap((effect) => (effect.kind === 'dial' ? [effect.target] : []));

it('calls the number of a contact that was read in', () => {
  press(readVcards(vcard('+49 30 1234')));
  press(readContactsCsv(csv('103')));
  expect(dialled()).toEqual(['+49301234', '103']);
});

it.each(['*21*004930123456#', '#31#', '*68102', '%2a68102@pbx.test'])(
  'only shows %s where one dials: behind a name nobody sees that it does more than call',
  (number) => {
    for (const file of [readVcards(vcard(number)), readContactsCsv(csv(number))]) {
      dialler.update({ toDial: null });
      press(file);
      expect(dialler.state.getState().toDial).toBe(number);
    }
    expect(dialled()).toEqual([]);
  },
);
