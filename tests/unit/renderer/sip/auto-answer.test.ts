import { describe, expect, it } from 'vitest';
import { autoAnswerOf } from '../../../../renderer/sip/jssip-words.ts';

const invite = (name: string, value: string) => ({
  getHeader: (asked: string) => (asked === name ? value : undefined),
});

describe('an INVITE that wants to be answered by itself', () => {
  it.each([
    ['Call-Info', '<sip:pbx.test>;answer-after=0', 0],
    ['Call-Info', '<sip:pbx.test>; Answer-After = 3', 3_000],
    ['Call-Info', '<sip:pbx.test>;answer-after=99999', 30_000],
    ['Alert-Info', '<http://www.notused.com>;info=alert-autoanswer;delay=0', 0],
    ['Alert-Info', 'Auto Answer', null],
    ['Alert-Info', 'auto-answer', 0],
    ['Alert-Info', '<auto-answer>', 0],
    ['Answer-Mode', 'Auto;require', 0],
    ['Answer-Mode', 'Manual', null],
    ['Alert-Info', '<urn:alert:service:recall:hold>', null],
    ['Call-Info', '<http://pbx.test/auto.jpg>;purpose=icon', null],
    ['Alert-Info', '<http://pbx.test/no-auto-answering.wav>', null],
  ])('says so by %s: %s → %s', (name, value, after) => {
    expect(autoAnswerOf(invite(name, value))).toBe(after);
  });
});
