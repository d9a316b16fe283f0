import { describe, expect, it } from 'vitest';
import {
  defaultTenantSettings,
  deviceSettings,
  parseTenantSettings,
} from '../../../../shared/config/tenant-settings.ts';

describe('tenant settings', () => {
  it('have the product defaults when nothing is written', () => {
    const settings = defaultTenantSettings();
    expect(settings.featureCodes).toEqual({
      park: '*68',
      parkGroup: '*58',
      retrieve: '*88',
      snooze: '*89',
    });
    expect(settings.parkedCallsPerExtension).toBe(10);
    expect(settings.recall).toEqual({
      timerMs: 300_000,
      retryMs: 10_000,
      destination: { kind: 'parker' },
    });
    expect(settings.watch).toBe('tenant');
    expect(settings.journalDays).toBe(90);
  });

  it('keep what is written and fill in the rest', () => {
    const parsed = parseTenantSettings({
      featureCodes: { park: '*70' },
      recall: { timerMs: 1000, destination: { kind: 'ring-group', ringGroupId: 'sales' } },
    });
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        featureCodes: { park: '*70', retrieve: '*88' },
        recall: { timerMs: 1000, retryMs: 10_000, destination: { kind: 'ring-group' } },
      },
    });
  });

  it.each([
    [{ parkedCallsPerExtension: 0 }, 'parkedCallsPerExtension'],
    [{ parkedCallsPerExtension: 101 }, 'parkedCallsPerExtension'],
    [{ recall: { timerMs: 999 } }, 'recall.timerMs'],
    [{ recall: { destination: { kind: 'ring-group' } } }, 'recall.destination.ringGroupId'],
    [{ featureCodes: { park: '68' } }, 'featureCodes.park'],
    [{ featureCodes: { park: '*88' } }, 'featureCodes'],
    [{ userAgentRules: [{ userAgent: '' }] }, 'userAgentRules[0].userAgent'],
    [{ wacth: 'own' }, ''],
    [null, ''],
  ])('refuse %j and name the key %s', (input, path) => {
    const parsed = parseTenantSettings(input);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.error.map((problem) => problem.path)).toContain(path);
  });

  it('give way to the first rule for the User-Agent of a device', () => {
    const parsed = parseTenantSettings({
      userAgentRules: [{ userAgent: 'Yealink', dialogState: 'early' }],
    });
    if (!parsed.ok) throw new Error('refused');
    expect(deviceSettings(parsed.value, 'yealink SIP-T46U 108.86')).toEqual({
      dialogState: 'early',
      challenge: 'md5',
    });
    expect(deviceSettings(parsed.value, undefined).dialogState).toBe('confirmed');
  });
});
