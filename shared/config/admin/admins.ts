import { z } from 'zod';
import { adminNameSchema, adminRoleSchema, newPasswordSchema } from './sessions.ts';
import { timeSchema } from './values.ts';

export const adminSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    role: adminRoleSchema,
    tenantId: z.string().nullable().meta({ description: 'The one tenant of a tenant admin' }),
    createdAt: timeSchema,
    lastSeenAt: timeSchema.nullable().meta({ description: 'Latest use of a session that lives' }),
  })
  .meta({ id: 'Admin' });

export const adminListSchema = z.object({ admins: z.array(adminSchema) }).meta({ id: 'Admins' });

export const newAdminSchema = z
  .discriminatedUnion('role', [
    z.strictObject({
      name: adminNameSchema,
      password: newPasswordSchema,
      role: z.literal('system'),
    }),
    z.strictObject({
      name: adminNameSchema,
      password: newPasswordSchema,
      role: z.literal('tenant'),
      tenantId: z.string().min(1).max(64),
    }),
  ])
  .meta({ id: 'NewAdmin' });

export const adminChangeSchema = z
  .strictObject({
    name: adminNameSchema.optional(),
    password: newPasswordSchema.optional(),
    role: adminRoleSchema.optional(),
    tenantId: z.string().min(1).max(64).optional(),
  })
  .meta({
    id: 'AdminChange',
    description: 'Sessions of that admin end. role tenant goes with a tenantId.',
  });

export type Admin = z.output<typeof adminSchema>;
export type NewAdmin = z.output<typeof newAdminSchema>;
export type AdminChange = z.output<typeof adminChangeSchema>;
