import { z } from 'zod';
import { lineProblemSchema } from './error-codes.ts';
import { extensionSchema, timeSchema, totalSchema } from './values.ts';

/** Largest file of users, in bytes. */
export const MAX_CSV_BYTES = 10 * 1024 * 1024;

const displayName = z
  .string()
  .trim()
  .max(64, 'The name is longer than 64 characters.')
  .refine((name) => !/\p{Cc}/u.test(name), {
    error: 'The name contains a character that cannot be shown.',
    params: { error: 'name-unprintable' },
  })
  .meta({ description: 'Shown to others; may be empty' });

const password = z
  .string()
  .max(1000)
  .meta({ format: 'password', description: '1–128 characters; left out: one is made up' });

export const userSchema = z
  .object({
    extension: extensionSchema,
    displayName: z.string(),
    devices: z.int().nonnegative().meta({ description: 'Devices that are reachable now' }),
    parkGroup: z
      .object({ id: z.string(), name: z.string() })
      .nullable()
      .meta({ description: 'The Call Park group, if any' }),
  })
  .meta({ id: 'User' });

export const userListSchema = z
  .object({ users: z.array(userSchema), total: totalSchema })
  .meta({ id: 'Users' });

export const newUserSchema = z
  .strictObject({
    extension: extensionSchema,
    displayName: displayName.default(''),
    password: password.optional(),
  })
  .meta({ id: 'NewUser' });

export const userChangeSchema = z.strictObject({ displayName }).meta({ id: 'UserChange' });

export const userPasswordSchema = z
  .strictObject({ password: password.optional() })
  .meta({ id: 'UserPassword', description: 'All devices of the user are signed out' });

/** Answer to what may have made up a password. */
export const savedUserSchema = z
  .object({
    user: userSchema,
    madePassword: z
      .string()
      .nullable()
      .meta({ description: 'Made up by the server and shown this once; null: it was given' }),
  })
  .meta({ id: 'SavedUser' });

/** One device that is signed in. */
export const deviceSchema = z
  .object({
    id: z.string(),
    extension: extensionSchema,
    displayName: z.string(),
    reachable: z.boolean(),
    transport: z.string().nullable().meta({ description: 'udp, tcp, tls, ws or wss' }),
    address: z.string().nullable().meta({ description: 'IP address and port it came from' }),
    userAgent: z.string().nullable(),
    registeredAt: timeSchema,
    expiresAt: timeSchema,
  })
  .meta({ id: 'Device' });

export const deviceListSchema = z
  .object({ devices: z.array(deviceSchema), total: totalSchema })
  .meta({ id: 'Devices' });

export const importQuerySchema = z.object({
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({ type: 'string', enum: ['true', 'false'], description: 'Check only; default false' }),
});

/** What an import did, or with `dryRun` would do. */
export const importResultSchema = z
  .object({
    added: z.int().nonnegative(),
    changed: z.int().nonnegative().meta({ description: 'Existing: new name and password' }),
    lines: z
      .array(lineProblemSchema)
      .meta({ description: 'With a single one nothing is imported' }),
  })
  .meta({ id: 'ImportResult' });

export type UserView = z.output<typeof userSchema>;
export type DeviceView = z.output<typeof deviceSchema>;
export type ImportResult = z.output<typeof importResultSchema>;
