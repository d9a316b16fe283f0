import { z } from 'zod';
import { logQuerySchema, timeSchema } from './values.ts';

export const auditQuerySchema = logQuerySchema;

export const auditLineSchema = z
  .object({
    id: z.int(),
    at: timeSchema,
    admin: z.string().meta({ description: 'Name at that time' }),
    tenantId: z.string().nullable().meta({ description: 'null: the whole server' }),
    action: z.string().meta({ description: 'What was done: park-group.changed, user.removed …' }),
    subject: z.string().meta({ description: 'To what: a name or an extension' }),
    before: z.unknown().meta({ description: 'As it was, without secrets; null: it is new' }),
    after: z.unknown().meta({ description: 'As it became, without secrets; null: it is gone' }),
    address: z.string().meta({ description: 'IP address of the admin; empty: this machine' }),
  })
  .meta({ id: 'AuditLine' });

export const auditPageSchema = z
  .object({
    lines: z.array(auditLineSchema).meta({ description: 'Newest first' }),
    next: z.int().nullable(),
  })
  .meta({ id: 'AuditPage' });

export type AuditLine = z.output<typeof auditLineSchema>;
