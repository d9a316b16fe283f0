import { z } from 'zod';
import { tenantSettingsSchema } from '../tenant-settings.ts';
import { timeSchema, versionSchema } from './values.ts';

const domains = z
  .array(z.string().trim().min(1).max(253))
  .max(50)
  .meta({ description: 'Host names that phones of this tenant sign in to; unique on the server' });

export const tenantSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    realm: z.string().meta({ description: 'Digest realm; never changes' }),
    domains: z.array(z.string()),
    users: z.int().nonnegative(),
    parkedCalls: z.int().nonnegative(),
  })
  .meta({ id: 'Tenant' });

export const tenantListSchema = z
  .object({ tenants: z.array(tenantSchema) })
  .meta({ id: 'Tenants' });

export const newTenantSchema = z
  .strictObject({
    name: z.string().trim().max(200).meta({
      description: 'Lower-case letters, digits and dashes, 1–63; also the digest realm',
      example: 'acme',
    }),
    domains: domains.default([]),
  })
  .meta({ id: 'NewTenant' });

export const tenantChangeSchema = z.strictObject({ domains }).meta({ id: 'TenantChange' });

/** The settings of a tenant with the version to save them under. */
export const settingsViewSchema = z
  .object({
    settings: tenantSettingsSchema,
    version: versionSchema,
    changedBy: z.string().meta({ description: 'Name of the admin; empty: nobody yet' }),
    changedAt: timeSchema.meta({ description: 'Milliseconds since 1970; 0: never' }),
    warnings: z
      .array(z.enum(['ring-group-missing', 'ring-group-empty']))
      .meta({ description: 'The recall destination behaves as the parker alone' }),
  })
  .meta({ id: 'SettingsView' });

export const settingsChangeSchema = z
  .strictObject({ settings: tenantSettingsSchema, version: versionSchema })
  .meta({
    id: 'SettingsChange',
    description: 'The whole; a key that is left out gets its default',
  });

export type TenantView = z.output<typeof tenantSchema>;
export type SettingsView = z.output<typeof settingsViewSchema>;
export type SettingsChange = z.output<typeof settingsChangeSchema>;
