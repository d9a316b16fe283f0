import { fieldProblems } from '../../../shared/config/admin/problems.ts';
import { settingsChangeSchema, type SettingsView } from '../../../shared/config/admin/tenants.ts';
import type { TenantSettings } from '../../../shared/config/tenant-settings.ts';
import type { FeatureCodes } from '../../../shared/domain/feature-code.ts';
import type { Saved } from '../use-editor.ts';
import { problemsOfSchema, type Problem, type Problems } from './problem.ts';
import { checkRecall, recallBody, recallDraft, type RecallDraft } from './recall-draft.ts';

type DeviceRule = TenantSettings['userAgentRules'][number];

/** What one make of phone needs otherwise, as it is typed. */
export interface RuleDraft {
  readonly key: number;
  readonly userAgent: string;
  readonly dialogState: NonNullable<DeviceRule['dialogState']> | 'usual';
  readonly challenge: NonNullable<DeviceRule['challenge']> | 'usual';
}

type Plain = Pick<
  TenantSettings,
  | 'watch'
  | 'retrieveBy'
  | 'followRedirects'
  | 'alertParker'
  | 'parkConfirmation'
  | 'announceRefusals'
  | 'announcementLanguage'
  | 'dialogState'
  | 'challenge'
>;

/** A tenant's settings as their form has them: numbers as text. */
export interface SettingsDraft extends RecallDraft, Plain {
  readonly perExtension: string;
  readonly perTenant: string;
  readonly journalDays: string;
  /** In seconds. */
  readonly confirmHold: string;
  readonly rules: readonly RuleDraft[];
}

export function savedSettings(view: SettingsView): Saved<SettingsDraft> {
  const { settings, version, changedBy: by, changedAt: at } = view;
  const { watch, retrieveBy, followRedirects, alertParker } = settings;
  const { parkConfirmation, announceRefusals, announcementLanguage } = settings;
  const { dialogState, challenge } = settings;
  const draft: SettingsDraft = {
    ...recallDraft(settings.recall),
    perExtension: String(settings.parkedCallsPerExtension),
    perTenant: String(settings.parkedCallsPerTenant),
    watch,
    retrieveBy,
    followRedirects,
    alertParker,
    parkConfirmation,
    announceRefusals,
    announcementLanguage,
    journalDays: String(settings.journalDays),
    dialogState,
    challenge,
    confirmHold: String(settings.parkConfirmHoldMs / 1000),
    rules: settings.userAgentRules.map((rule, key) => ({
      key,
      userAgent: rule.userAgent,
      dialogState: rule.dialogState ?? 'usual',
      challenge: rule.challenge ?? 'usual',
    })),
  };
  return { draft, version, by, at };
}

/** @param codes what belongs to the settings and is edited elsewhere */
export function settingsBody(draft: SettingsDraft, codes: FeatureCodes) {
  const { perExtension, perTenant, journalDays, confirmHold, rules } = draft;
  const { watch, retrieveBy, followRedirects, alertParker } = draft;
  const { parkConfirmation, announceRefusals, announcementLanguage } = draft;
  const { dialogState, challenge } = draft;
  return {
    featureCodes: codes,
    parkedCallsPerExtension: Number(perExtension),
    parkedCallsPerTenant: Number(perTenant),
    recall: recallBody(draft),
    followRedirects,
    alertParker,
    watch,
    retrieveBy,
    dialogState,
    challenge,
    userAgentRules: rules.map((rule) => ({
      userAgent: rule.userAgent.trim(),
      ...(rule.dialogState !== 'usual' && { dialogState: rule.dialogState }),
      ...(rule.challenge !== 'usual' && { challenge: rule.challenge }),
    })),
    parkConfirmHoldMs: Math.round(Number(confirmHold) * 1000),
    parkConfirmation,
    announceRefusals,
    announcementLanguage: announcementLanguage.trim(),
    journalDays: Number(journalDays),
  };
}

const NUMBERS = [
  ['parkedCallsPerExtension', 'perExtension', { least: 1, most: 100 }],
  ['parkedCallsPerTenant', 'perTenant', { least: 1, most: 100_000 }],
  ['journalDays', 'journalDays', { least: 1, most: 3650 }],
  ['parkConfirmHoldMs', 'confirmHold', { least: 0, most: 60 }],
] as const;

export function checkSettings(
  draft: SettingsDraft,
  base: SettingsDraft,
  codes: FeatureCodes,
): Problems {
  const problems: Record<string, Problem> = { ...checkRecall(draft, base) };
  for (const [field, key, range] of NUMBERS) {
    const text = draft[key].trim();
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    const fits = value >= range.least && value <= range.most;
    if (text !== base[key] && !fits) problems[field] = { id: 'problem.number', values: range };
  }
  if (draft.rules.some(({ userAgent }) => userAgent.trim() === '')) {
    problems['userAgentRules'] = { id: 'problem.rule-without-name' };
  }
  if (Object.keys(problems).length > 0) return problems;
  return ofSchema(settingsBody(draft, codes));
}

function ofSchema(settings: unknown): Problems {
  const parsed = settingsChangeSchema.safeParse({ settings, version: 1 });
  if (parsed.success) return {};
  const found = problemsOfSchema(fieldProblems(parsed.error));
  return Object.fromEntries(
    Object.entries(found).map(([field, problem]) => [
      field.startsWith('userAgentRules') ? 'userAgentRules' : field,
      problem,
    ]),
  );
}

export const CODE_NAMES = ['park', 'parkGroup', 'retrieve', 'snooze'] as const;
const CODE = /^[*#][0-9*]{1,7}$/;

/** Feature codes: each its own shape, and no two the same. */
export function checkCodes(codes: FeatureCodes): Problems {
  const problems: Record<string, Problem> = {};
  for (const name of CODE_NAMES) {
    const text = codes[name].trim();
    const twin = CODE_NAMES.find((other) => other !== name && codes[other].trim() === text);
    if (!CODE.test(text)) problems[name] = { id: 'problem.code' };
    else if (twin !== undefined) problems[name] = { id: 'problem.same-code' };
  }
  return problems;
}

export function trimmedCodes(codes: FeatureCodes): FeatureCodes {
  const { park, parkGroup, retrieve, snooze } = codes;
  return {
    park: park.trim(),
    parkGroup: parkGroup.trim(),
    retrieve: retrieve.trim(),
    snooze: snooze.trim(),
  };
}
