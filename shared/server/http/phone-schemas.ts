import { z } from '@hono/zod-openapi';

/** Bodies of the user's own HTTP, as documented and as sent. */
export const errorSchema = z
  .object({ error: z.string(), message: z.string() })
  .openapi('Error', { description: 'A word for programs and a sentence for people' });

export const sessionSchema = z
  .object({
    token: z.string(),
    expiresAt: z.int().openapi({ description: 'Milliseconds since 1970' }),
  })
  .openapi('Session');

const doNotDisturbSchema = z
  .boolean()
  .openapi({ description: 'Shown to colleagues; the latest word of any phone of the user' });

const numberSchema = z.string().min(1).max(32).nullable();

const forwardingSchema = z
  .object({
    always: numberSchema,
    busy: numberSchema,
    noAnswer: z
      .object({
        to: z.string().min(1).max(32),
        afterMs: z.int().openapi({ description: '5 000–120 000 ms of ringing' }),
      })
      .nullable(),
  })
  .openapi('Forwarding', {
    description: 'Extensions or ring groups’ numbers that calls go on to; null: they do not',
  });

export const meSchema = z
  .object({
    extension: z.string(),
    displayName: z.string(),
    tenant: z.string(),
    domain: z.string(),
    featureCodes: z.object({
      park: z.string(),
      parkGroup: z.string(),
      retrieve: z.string(),
      snooze: z.string(),
    }),
    group: z
      .object({ id: z.string(), name: z.string() })
      .nullable()
      .openapi({ description: 'The Call Park group that the group code parks to; null: in none' }),
    doNotDisturb: doNotDisturbSchema,
    forwarding: forwardingSchema,
  })
  .openapi('Me');

/** What is left out stays as it is. */
export const meChangeSchema = z
  .object({
    doNotDisturb: doNotDisturbSchema.optional(),
    forwarding: forwardingSchema.optional(),
  })
  .refine((wanted) => Object.values(wanted).some((value) => value !== undefined), {
    error: 'says nothing',
  })
  .openapi('MeChange');

export const directorySchema = z
  .object({
    entries: z.array(
      z.object({
        extension: z.string(),
        displayName: z.string(),
        registered: z.boolean().openapi({ description: 'Signed in somewhere and reachable now' }),
        doNotDisturb: doNotDisturbSchema,
      }),
    ),
  })
  .openapi('Directory');

export const historyQuerySchema = z.object({
  before: z.coerce
    .number()
    .int()
    .nonnegative()
    .optional()
    .openapi({ description: 'Only what happened before; milliseconds since 1970' }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .optional()
    .openapi({ description: 'Default 100' }),
});

export const historySchema = z
  .object({
    entries: z.array(
      z.object({
        parkId: z.string(),
        at: z.int(),
        kind: z.string(),
        slot: z.string(),
        parker: z.string(),
        callerName: z.string(),
        callerNumber: z.string(),
        by: z.string().nullable().openapi({ description: 'Who did it: a name or an extension' }),
        note: z.string().nullable(),
      }),
    ),
  })
  .openapi('ParkHistory');

export const iceServersSchema = z
  .object({
    iceServers: z.array(
      z.object({
        urls: z.array(z.string()),
        username: z.string().optional(),
        credential: z.string().optional(),
      }),
    ),
  })
  .openapi('IceServers');

export const discoverySchema = z
  .object({
    webSocketUrl: z.string(),
    domain: z.string(),
    displayName: z.string(),
    apiVersion: z.string(),
    oldestAppVersion: z.string().nullable(),
    apiBaseUrl: z.string(),
    hasIceServers: z.boolean(),
    demo: z.boolean(),
  })
  .openapi('Server');
