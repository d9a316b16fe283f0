import { describe, expect, it } from 'vitest';
import {
  agreedSessionTimer,
  answerSessionTimer,
  deadAfterMs,
  offerSessionTimer,
  refreshAfterMs,
} from '../../../../../shared/server/calls/session-timer.ts';
import { makeResponse } from '../../../../../shared/sip/message/builders.ts';
import { sampleRequest } from '../../../../fakes/sip-pair.ts';

const ask = (...headers: [string, string][]) => answerSessionTimer(sampleRequest({ headers }), 300);
const answered = (value?: string) =>
  agreedSessionTimer(
    makeResponse(sampleRequest(), 200, {
      headers: value === undefined ? [] : [['Session-Expires', value]],
    }),
  );

describe('the session timer that a phone asks for (RFC 4028 §9)', () => {
  it('is left out where the phone knows none', () => {
    expect(ask()).toEqual({ kind: 'agreed', headers: [] });
  });

  it('is ours, refreshed by the phone, where it only says that it can', () => {
    expect(ask(['Supported', 'replaces, timer'])).toEqual({
      kind: 'agreed',
      headers: [
        ['Require', 'timer'],
        ['Session-Expires', '300;refresher=uac'],
      ],
      interval: { seconds: 300, refresher: 'them' },
    });
  });

  it('is theirs, with the refresher that they name', () => {
    const answer = ask(['Supported', 'timer'], ['Session-Expires', '1800;refresher=uas']);
    expect(answer).toMatchObject({ interval: { seconds: 1800, refresher: 'us' } });
  });

  it('is refreshed by us where a proxy asked for a phone that cannot', () => {
    expect(ask(['Session-Expires', '1800'])).toEqual({
      kind: 'agreed',
      headers: [['Session-Expires', '1800;refresher=uas']],
      interval: { seconds: 1800, refresher: 'us' },
    });
  });

  it('is kept to twenty seconds at least, though the phone answers with less', () => {
    expect(answered('1;refresher=uac')).toEqual({ seconds: 20, refresher: 'us' });
    expect(answered('20;refresher=uas')).toEqual({ seconds: 20, refresher: 'them' });
    expect(answered('0')).toBeUndefined();
  });

  it('is a day at most: a phone that dies is to be missed', () => {
    const answer = ask(['Supported', 'timer'], ['Session-Expires', '999999999;refresher=uac']);
    expect(answer).toMatchObject({ interval: { seconds: 86_400, refresher: 'them' } });
    expect(ask(['Supported', 'timer'], ['Min-SE', '999999999'])).toEqual({
      kind: 'agreed',
      headers: [],
    });
    expect(answered('999999999;refresher=uas')).toBeUndefined();
  });

  it('is refused below 90 s and raised to the phone’s Min-SE', () => {
    expect(ask(['Session-Expires', '89'])).toEqual({ kind: 'too-small' });
    expect(ask(['Supported', 'timer'], ['Min-SE', '900'])).toMatchObject({
      interval: { seconds: 900 },
    });
  });

  it.each(['', 'soon', '-5', '99999999999'])('is not there when it reads %j', (value) => {
    expect(ask(['Session-Expires', value])).toEqual({ kind: 'agreed', headers: [] });
  });
});

describe('the session timer that a phone answers', () => {
  it('tells who refreshes', () => {
    expect(answered('300;refresher=uas')).toEqual({ seconds: 300, refresher: 'them' });
    expect(answered('300;refresher=uac')).toEqual({ seconds: 300, refresher: 'us' });
    expect(answered('300')).toEqual({ seconds: 300, refresher: 'us' });
    expect(answered()).toBeUndefined();
  });

  it('is asked for with our least interval', () => {
    expect(offerSessionTimer(30)).toContainEqual(['Session-Expires', '90']);
  });

  it('is refreshed at half time and dead a little before its end', () => {
    expect(refreshAfterMs({ seconds: 300, refresher: 'us' })).toBe(150_000);
    expect(deadAfterMs({ seconds: 300, refresher: 'them' })).toBe(268_000);
    expect(deadAfterMs({ seconds: 90, refresher: 'them' })).toBe(60_000);
  });
});
