import { z } from 'zod';
import { defaultFeatureCodes } from '../domain/feature-code.ts';
import { ringGroupId } from '../domain/ids.ts';
import { defaultRecallSettings } from '../domain/recall-policy.ts';
import type { Result } from '../domain/result.ts';
import { problemsOf, type ConfigProblem } from './config-problem.ts';

const MS_PER_DAY = 86_400_000;

const featureCode = z
  .string()
  .regex(/^[*#][0-9*]{1,7}$/, 'A feature code is * or # followed by 1 to 7 digits or stars');

/** The feature access codes: `*` or `#` and 1 to 7 digits or stars. All must differ, or one of them could never be dialled. */
const featureCodes = z
  .strictObject({
    /** Parks on the own extension, or on the one that follows; default `*68`. */
    park: featureCode.default(defaultFeatureCodes.park),
    /** Parks to the parker's group; default `*58`. */
    parkGroup: featureCode.default(defaultFeatureCodes.parkGroup),
    /** Takes the oldest call parked on the own extension, or on the one that follows; default `*88`. */
    retrieve: featureCode.default(defaultFeatureCodes.retrieve),
    /** Puts a recall off; default `*89`. */
    snooze: featureCode.default(defaultFeatureCodes.snooze),
  })
  .refine((codes) => new Set(Object.values(codes)).size === 4, 'Two feature codes are the same')
  .readonly();

/** A time of recall, in ms. */
const recallMs = (about: string, usual: number) =>
  z
    .int()
    .min(1000, 'At least one second')
    .max(MS_PER_DAY, 'At most one day')
    .default(usual)
    .meta({ description: `${about}, in ms; 1 s to 1 day, default ${usual}` });

const ringGroup = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'Not a ring group')
  .transform(ringGroupId);

const recallDestination = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('parker') }).readonly(),
  z
    .strictObject({
      kind: z.literal('parker-then-ring-group'),
      ringGroupId: ringGroup,
      /** How long the parker rings before the ring group does. */
      waitMs: recallMs('How long the parker rings first', defaultRecallSettings.timerMs),
    })
    .readonly(),
  z.strictObject({ kind: z.literal('ring-group'), ringGroupId: ringGroup }).readonly(),
]);

/** How a parked call that nobody takes is recalled: of a tenant for calls parked on extensions, and of each group. */
export const recallSettingsSchema = z
  .strictObject({
    /** Recall timer, in ms; 1 s to 1 day, default 300 s. The portal offers 60–900 s. */
    timerMs: recallMs('Recall timer', defaultRecallSettings.timerMs),
    /** Pause before the parker is tried again, in ms; 1 s to 1 day, default 10 s. */
    retryMs: recallMs('Pause before the parker is tried again', defaultRecallSettings.retryMs),
    /** Where the call goes then; default the parker alone. */
    destination: recallDestination.default(defaultRecallSettings.destination),
  })
  .readonly();

const dialogState = z.enum(['confirmed', 'early']);
const challenge = z.enum(['md5', 'both', 'sha256']);

/** What one make of phone needs otherwise than its tenant says. */
const userAgentRule = z
  .strictObject({
    /** Start of the User-Agent header, compared without regard to case. */
    userAgent: z.string().min(1).max(120),
    dialogState: dialogState.optional(),
    challenge: challenge.optional(),
  })
  .readonly();

/** One tenant's settings. Every key has a default, unknown keys are refused, so that a typing error is not silent. */
export const tenantSettingsSchema = z
  .strictObject({
    /** The codes that users dial. */
    featureCodes: featureCodes.prefault({}),
    /** How many calls may be parked on one extension; 1–100, default 10; 1 is the strict one-call behaviour. */
    parkedCallsPerExtension: z.int().min(1).max(100).default(10),
    /** How many calls may be parked in the tenant at once (503 beyond); 1–100 000, default 1000. */
    parkedCallsPerTenant: z.int().min(1).max(100_000).default(1000),
    /** Recall of calls parked on an extension, default to the parker after 300 s; a group has its own. */
    recall: recallSettingsSchema.prefault({}),
    /** Whether a call goes where a phone's 3xx sends it: to users of the same tenant (default), or never. */
    followRedirects: z.enum(['inside-tenant', 'never']).default('inside-tenant'),
    /** Whether the parker too is alerted of the call they parked; default no. */
    alertParker: z.boolean().default(false),
    /** Whose parked-call lamps a user may watch, slot and state only; default the whole tenant. */
    watch: z.enum(['own', 'group', 'tenant']).default('tenant'),
    /** Who may retrieve by code from a slot; default the whole tenant. */
    retrieveBy: z.enum(['tenant', 'group', 'owner']).default('tenant'),
    /** `state` of a parked call in dialog-info, default `confirmed`; `early` for phones that pick up only ringing dialogs. */
    dialogState: dialogState.default('confirmed'),
    /** Digest challenge: MD5 (default), SHA-256 first and MD5 last (RFC 8760), or SHA-256 alone. */
    challenge: challenge.default('md5'),
    /** Exceptions by User-Agent, first match wins; at most 100, default none. */
    userAgentRules: z.array(userAgentRule).max(100).readonly().default([]),
    /** How long the parker's old leg outlives a park by INVITE for its confirmation leg, in ms; 0–60 000, default 5000. */
    parkConfirmHoldMs: z.int().min(0).max(60_000).default(5000),
    /** What is heard when a call was parked by dialling the code: a tone (default), or where it is parked. */
    parkConfirmation: z.enum(['tone', 'spoken']).default('tone'),
    /** Whether a refusal on the INVITE path is also spoken; default no. */
    announceRefusals: z.boolean().default(false),
    /** Language of announcements: a folder of recordings that the server has; what it lacks is said in English. Default `en`. */
    announcementLanguage: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/, 'A language is written like en or pt-BR')
      .default('en'),
    /** How long the journal of parked calls is kept, notes included, in days; 1–3650, default 90. */
    journalDays: z.int().min(1).max(3650).default(90),
  })
  .readonly();

export type TenantSettings = z.output<typeof tenantSettingsSchema>;

/** The settings as they are written in a file or sent by the portal: any key may be left out. */
export type TenantSettingsInput = z.input<typeof tenantSettingsSchema>;

/** The settings of a tenant that has changed nothing. */
export function defaultTenantSettings(): TenantSettings {
  return tenantSettingsSchema.parse({});
}

/** Reads settings from outside the program, filling in defaults; names every key that is wrong. */
export function parseTenantSettings(
  input: unknown,
): Result<TenantSettings, readonly ConfigProblem[]> {
  const parsed = tenantSettingsSchema.safeParse(input);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, error: problemsOf(parsed.error) };
}

/** What holds for one device: the tenant's value unless a rule for its User-Agent says otherwise. */
export function deviceSettings(
  settings: TenantSettings,
  userAgent: string | undefined,
): Pick<TenantSettings, 'dialogState' | 'challenge'> {
  if (settings.userAgentRules.length === 0) return settings;
  const agent = userAgent?.toLowerCase() ?? '';
  const rule = settings.userAgentRules.find((r) => agent.startsWith(r.userAgent.toLowerCase()));
  return {
    dialogState: rule?.dialogState ?? settings.dialogState,
    challenge: rule?.challenge ?? settings.challenge,
  };
}
