import { describe, expect, it } from 'vitest';
import { defaultTenantSettings } from '../../../../shared/config/tenant-settings.ts';
import { ringGroupId } from '../../../../shared/domain/ids.ts';
import {
  checkParkGroup,
  newParkGroup,
  parkGroupBody,
} from '../../../../renderer/portal/model/park-group-draft.ts';
import {
  checkFilter,
  anything,
  journalQuery,
} from '../../../../renderer/portal/model/journal-filter.ts';
import { problemsOfFailure } from '../../../../renderer/portal/model/problem.ts';
import { recallBody, recallDraft } from '../../../../renderer/portal/model/recall-draft.ts';
import {
  checkRingGroup,
  newRingGroup,
  ringGroupBody,
} from '../../../../renderer/portal/model/ring-group-draft.ts';
import {
  checkCodes,
  checkSettings,
  savedSettings,
  settingsBody,
} from '../../../../renderer/portal/model/settings-draft.ts';

const group = { ...newParkGroup.draft, name: 'Sales' };
const fieldsOf = (problems: object) => Object.keys(problems).sort();

describe('recall rules in a form', () => {
  it('come back as they were, of every kind', () => {
    for (const destination of [
      { kind: 'parker' },
      { kind: 'ring-group', ringGroupId: ringGroupId('r1') },
      { kind: 'parker-then-ring-group', ringGroupId: ringGroupId('r1'), waitMs: 61_000 },
    ] as const) {
      const recall = { timerMs: 90_000, retryMs: 1500, destination };
      expect(recallBody(recallDraft(recall))).toEqual(recall);
    }
  });
});

describe('the form of a Call Park group', () => {
  it('takes what the server takes', () => {
    expect(checkParkGroup(group, newParkGroup.draft)).toEqual({});
    expect(parkGroupBody(group)).toMatchObject({ name: 'Sales', members: [] });
  });

  it.each([
    [{ name: ' ' }, ['name']],
    [{ name: 'x'.repeat(65) }, ['name']],
    [{ timer: '59' }, ['recall.timerMs']],
    [{ timer: '60.5' }, ['recall.timerMs']],
    [{ name: '', timer: '901' }, ['name', 'recall.timerMs']],
    [{ retry: '0' }, ['recall.retryMs']],
    [{ destination: 'ring-group' as const }, ['ringGroupId']],
    [
      { destination: 'parker-then-ring-group' as const, ringGroupId: 'r1', wait: '5' },
      ['recall.destination.waitMs'],
    ],
  ])('names what is wrong with %o', (change, fields) => {
    expect(fieldsOf(checkParkGroup({ ...group, ...change }, newParkGroup.draft))).toEqual(fields);
  });

  it('leaves a time alone that was set otherwise, outside of what it offers', () => {
    const short = { ...group, timer: '5' };
    expect(checkParkGroup(short, short)).toEqual({});
  });

  it('shows a refusal of the server at its field', () => {
    const refusal = (field: string) =>
      problemsOfFailure({
        kind: 'refused',
        refusal: { error: 'in-other-group', message: 'A sentence.', field },
      });
    expect(fieldsOf(refusal('members.3'))).toEqual(['members']);
    expect(fieldsOf(refusal('recall.destination.ringGroupId'))).toEqual(['ringGroupId']);
    expect(fieldsOf(refusal('settings.journalDays'))).toEqual(['journalDays']);
  });
});

describe('the form of a ring group', () => {
  const ring = { ...newRingGroup.draft, name: 'Service' };

  it('sends no number where none is typed', () => {
    expect(checkRingGroup(ring)).toEqual({});
    expect(ringGroupBody(ring)).toMatchObject({ extension: null, noAnswer: { kind: 'hang-up' } });
  });

  it('names what is wrong at its field', () => {
    expect(fieldsOf(checkRingGroup({ ...ring, extension: '3o0', ring: '4' }))).toEqual([
      'extension',
      'ringMs',
    ]);
    for (const noAnswer of ['extension', 'ring-group'] as const) {
      expect(fieldsOf(checkRingGroup({ ...ring, noAnswer }))).toEqual(['noAnswer']);
    }
  });
});

describe('the settings', () => {
  const settings = {
    ...defaultTenantSettings(),
    userAgentRules: [{ userAgent: 'Yealink', challenge: 'md5' as const }],
  };
  const view = { settings, version: 3, changedBy: 'ada', changedAt: 1, warnings: [] };
  const { draft } = savedSettings(view);

  it('come back as they were', () => {
    expect(settingsBody(draft, settings.featureCodes)).toEqual(settings);
    expect(checkSettings(draft, draft, settings.featureCodes)).toEqual({});
  });

  it('name what is wrong at its field', () => {
    const wrong = { ...draft, perExtension: '0', journalDays: 'x', confirmHold: '61' };
    expect(fieldsOf(checkSettings(wrong, draft, settings.featureCodes))).toEqual([
      'journalDays',
      'parkConfirmHoldMs',
      'parkedCallsPerExtension',
    ]);
    const language = { ...draft, announcementLanguage: 'English' };
    expect(fieldsOf(checkSettings(language, draft, settings.featureCodes))).toEqual([
      'announcementLanguage',
    ]);
  });

  it('take no two feature codes that are the same, and none that could not be dialled', () => {
    const codes = settings.featureCodes;
    expect(checkCodes(codes)).toEqual({});
    expect(fieldsOf(checkCodes({ ...codes, snooze: codes.park }))).toEqual(['park', 'snooze']);
    expect(fieldsOf(checkCodes({ ...codes, park: '68' }))).toEqual(['park']);
  });
});

describe('the filter of the journal', () => {
  it('asks for what is typed', () => {
    expect(journalQuery(anything)).toBe('');
    const typed = { ...anything, slot: ' 102 ', caller: 'Müller & Co', how: 'parked' as const };
    expect(journalQuery(typed, { before: 7, limit: 100 })).toBe(
      '?slot=102&caller=M%C3%BCller+%26+Co&how=parked&before=7&limit=100',
    );
  });

  it('names what cannot be', () => {
    const backwards = { from: '2026-01-02T00:00', to: '2026-01-01T00:00' };
    expect(fieldsOf(checkFilter({ ...anything, slot: 'x', parker: '1-2', ...backwards }))).toEqual([
      'parker',
      'slot',
      'to',
    ]);
  });
});
