import { describe, expect, it } from 'vitest';
import { estimateMos, QualityMeter } from '../../../../renderer/sip/call-quality.ts';

const perfect = { loss: 0, jitterMs: 0, roundTripMs: 20, codec: 'opus' };

describe('the estimated opinion score', () => {
  it('is near the top for a call without loss on a near network', () => {
    expect(estimateMos(perfect)).toBeGreaterThan(4.3);
    expect(estimateMos(perfect)).toBeLessThanOrEqual(4.5);
  });

  it('falls with loss, jitter and delay, and never below 1', () => {
    const score = estimateMos(perfect);
    expect(estimateMos({ ...perfect, loss: 0.05 })).toBeLessThan(score);
    expect(estimateMos({ ...perfect, jitterMs: 60 })).toBeLessThan(score);
    expect(estimateMos({ ...perfect, roundTripMs: 600 })).toBeLessThan(score);
    expect(estimateMos({ ...perfect, loss: 1, roundTripMs: 4000 })).toBe(1);
  });

  it('knows that Opus bears loss better than G.711', () => {
    const lossy = { ...perfect, loss: 0.05 };
    expect(estimateMos(lossy)).toBeGreaterThan(estimateMos({ ...lossy, codec: 'PCMU' }));
  });
});

describe('reading a connection’s statistics', () => {
  const report = (received: number, lost: number, energy: number, duration: number) =>
    new Map<string, object>([
      [
        'in',
        {
          id: 'in',
          type: 'inbound-rtp',
          kind: 'audio',
          codecId: 'c',
          packetsReceived: received,
          packetsLost: lost,
          jitter: 0.01,
          totalAudioEnergy: energy,
          totalSamplesDuration: duration,
        },
      ],
      ['c', { id: 'c', type: 'codec', mimeType: 'audio/opus' }],
      ['p', { id: 'p', type: 'candidate-pair', currentRoundTripTime: 0.05 }],
    ]) as unknown as RTCStatsReport;

  it('tells loss and level of the time since the reading before', () => {
    const meter = new QualityMeter();
    meter.read(report(100, 0, 0, 2));
    expect(meter.read(report(190, 10, 0.25, 3))).toMatchObject({
      loss: 0.1,
      jitterMs: 10,
      roundTripMs: 50,
      codec: 'opus',
      level: 0.5,
    });
  });

  it('says nothing before anything was received', () => {
    expect(new QualityMeter().read(new Map() as unknown as RTCStatsReport)).toBeNull();
  });
});
