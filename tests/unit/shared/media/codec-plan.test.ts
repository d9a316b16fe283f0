import { describe, expect, it } from 'vitest';
import {
  bestFirst,
  codecTowards,
  orderByPreference,
  planBridge,
} from '../../../../shared/media/codec-plan.ts';
import type { CodecName, MediaLeg } from '../../../../shared/media/engine.ts';
import { FakeMediaEngine } from '../../../fakes/fake-media-engine.ts';

const NUMBERS: Readonly<Record<CodecName, string>> = {
  opus: '111',
  G722: '9',
  PCMU: '0',
  PCMA: '8',
};

/** A leg whose far side offered `codecs` and was answered with `first` in front. */
function legOf(codecs: readonly CodecName[], first: CodecName = codecs[0] ?? 'PCMU'): MediaLeg {
  const formats = codecs.map((codec) => NUMBERS[codec]).join(' ');
  const sdp = `v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP ${formats}\r\na=rtpmap:111 opus/48000/2\r\n`;
  const opened = new FakeMediaEngine().legFromOffer(sdp, { legName: formats });
  if (!opened.ok) throw new Error(opened.error.detail);
  opened.value.createAnswer({ prefer: [first] });
  return opened.value;
}

describe('planning a bridge', () => {
  it('is ready when both take what the other sends', () => {
    expect(planBridge(legOf(['opus', 'PCMU']), legOf(['opus'])).kind).toBe('ready');
  });

  it('is ready between G.722 and G.711, which are converted', () => {
    expect(planBridge(legOf(['G722']), legOf(['PCMA'])).kind).toBe('ready');
  });

  it('asks the one who sends Opus for what the other takes', () => {
    const opus = legOf(['opus', 'G722', 'PCMU']);
    const desk = legOf(['PCMU', 'PCMA']);
    expect(planBridge(opus, desk)).toEqual({ kind: 'renegotiate', leg: opus, codecs: ['PCMU'] });
    expect(planBridge(desk, opus)).toEqual({ kind: 'renegotiate', leg: opus, codecs: ['PCMU'] });
  });

  it('asks for something convertible when there is nothing in common', () => {
    const opus = legOf(['opus', 'G722']);
    const desk = legOf(['PCMU']);
    expect(planBridge(opus, desk)).toEqual({ kind: 'renegotiate', leg: opus, codecs: ['G722'] });
  });

  it('is impossible between a phone that knows only Opus and one that does not', () => {
    expect(planBridge(legOf(['opus']), legOf(['PCMU'])).kind).toBe('impossible');
  });

  it('orders by preference without losing a codec', () => {
    expect(orderByPreference(['PCMU', 'opus', 'PCMA'], ['G722', 'PCMA', 'opus'])).toEqual([
      'PCMA',
      'opus',
      'PCMU',
    ]);
    expect(bestFirst(['PCMA', 'opus', 'PCMA'])).toEqual(['opus', 'PCMA']);
    expect(codecTowards(['opus', 'PCMA'], 'PCMU')).toBe('PCMA');
    expect(codecTowards(['opus'], 'PCMU')).toBeUndefined();
  });
});
