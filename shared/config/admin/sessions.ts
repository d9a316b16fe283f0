import { z } from 'zod';
import { asProblem, timeSchema } from './values.ts';

/** Shortest and longest password of an admin, in characters. */
export const ADMIN_PASSWORD = { least: 12, most: 128 } as const;

/** Header that carries the session's CSRF token on everything but GET. */
export const CSRF_HEADER = 'X-Parkline-CSRF';

/** `system` administers everything, `tenant` one tenant. */
export const adminRoleSchema = z.enum(['system', 'tenant']).meta({ id: 'AdminRole' });

export type AdminRole = z.output<typeof adminRoleSchema>;

/** 1–64 letters, digits and `. _ - @`; without regard to case. */
export const adminNameSchema = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, 'Letters, digits and . _ - @ only, 1 to 64')
  .meta({ description: '1–64 letters, digits and . _ - @; case does not matter', example: 'ada' });

/** A password that is being chosen: 12–128 characters. */
export const newPasswordSchema = z
  .string()
  .superRefine((password, context) => {
    const problem = passwordProblem(password);
    if (problem !== null) context.addIssue(asProblem('bad-password', problem));
  })
  .meta({ description: '12–128 characters, no control characters', format: 'password' });

/** A password that is being proven. */
const givenPassword = z.string().min(1).max(1000).meta({ format: 'password' });

export const signInSchema = z
  .strictObject({ name: z.string().trim().min(1).max(200), password: givenPassword })
  .meta({ id: 'SignIn' });

export const setupStateSchema = z
  .object({ needed: z.boolean().meta({ description: 'There is no admin yet' }) })
  .meta({ id: 'SetupState' });

export const setupSchema = z
  .strictObject({
    token: z.string().min(1).max(200).meta({ description: 'From the URL the server printed' }),
    name: adminNameSchema,
    password: newPasswordSchema,
  })
  .meta({ id: 'Setup', description: 'Makes the first system admin and signs in' });

export const ownPasswordSchema = z
  .strictObject({ current: givenPassword, password: newPasswordSchema })
  .meta({ id: 'OwnPassword', description: 'Other sessions of this admin end' });

export const sessionTenantSchema = z.object({ id: z.string(), name: z.string() });

/** Who is signed in. */
export const adminSessionSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    role: adminRoleSchema,
    tenants: z
      .array(sessionTenantSchema)
      .meta({ description: 'Those this admin may see, by name' }),
    csrf: z.string().meta({ description: `Goes into the header ${CSRF_HEADER}` }),
    expiresAt: timeSchema.meta({ description: 'At the latest; earlier after 8 idle hours' }),
  })
  .meta({ id: 'AdminSession' });

export type AdminSession = z.output<typeof adminSessionSchema>;
export type SignIn = z.output<typeof signInSchema>;
export type Setup = z.output<typeof setupSchema>;

/** What is wrong with a password that somebody chose, in a sentence; `null` when it will do. */
export function passwordProblem(password: string): string | null {
  const { least, most } = ADMIN_PASSWORD;
  const length = [...password].length;
  if (length < least) return `A password has at least ${least} characters.`;
  if (length > most) return `A password has at most ${most} characters.`;
  return /\p{Cc}/u.test(password) ? 'The password contains a control character.' : null;
}
