import { useState } from 'react';
import {
  adminChangeSchema,
  adminSchema,
  newAdminSchema,
  type Admin,
} from '../../../../shared/config/admin/admins.ts';
import { fieldProblems } from '../../../../shared/config/admin/problems.ts';
import type { AdminRole } from '../../../../shared/config/admin/sessions.ts';
import { Choice } from '../../../controls/choice.tsx';
import { TextLine } from '../../../controls/text-line.tsx';
import { SmallForm } from '../../controls/small-form.tsx';
import { problemsOfSchema } from '../../model/problem.ts';
import { useAdmin, usePortal } from '../../portal-context.tsx';
import { useProblemWords, useSay } from '../../words.tsx';

interface AdminFormProps {
  /** `null`: a new one. */
  readonly admin: Admin | null;
  onClose(): void;
}

/** Adds an admin, or changes name, role or password of one. */
export function AdminForm({ admin, onClose }: AdminFormProps) {
  const say = useSay();
  const words = useProblemWords();
  const { tenants, id: me } = useAdmin();
  const portal = usePortal();
  const [name, setName] = useState(admin?.name ?? '');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<AdminRole>(admin?.role ?? 'tenant');
  const [tenantId, setTenantId] = useState(admin?.tenantId ?? tenants[0]?.id ?? '');
  const scope = role === 'system' ? { role } : { role, tenantId };
  const isNew = admin === null;
  const body = { name, ...(isNew || password !== '' ? { password } : {}), ...scope };
  const send = async () => {
    const answer = isNew
      ? await portal.api.change('POST', '/admins', { schema: adminSchema, json: body })
      : await portal.api.change('PATCH', `/admins/${encodeURIComponent(admin.id)}`, {
          schema: adminSchema,
          json: body,
        });
    if (!answer.ok) return answer.error;
    portal.notices.say({ id: 'notice.saved', values: { what: answer.value.name } });
    if (answer.value.id === me) await portal.readSession();
    return null;
  };
  return (
    <SmallForm
      title={say(isNew ? 'admins.addTitle' : 'admins.changeTitle')}
      go={say('common.save')}
      known={['name', 'password', 'tenantId']}
      check={() => {
        const parsed = (isNew ? newAdminSchema : adminChangeSchema).safeParse(body);
        return parsed.success ? {} : problemsOfSchema(fieldProblems(parsed.error));
      }}
      send={send}
      onClose={onClose}
    >
      {(problems) => (
        <>
          <TextLine
            label={say('signIn.name')}
            value={name}
            onChange={setName}
            error={words(problems['name'])}
            autoComplete="off"
            autoFocus
            machine
          />
          <TextLine
            label={say('signIn.password')}
            hint={say(isNew ? 'admins.passwordHint' : 'admins.passwordStays')}
            type="password"
            value={password}
            onChange={setPassword}
            error={words(problems['password'])}
            autoComplete="new-password"
            machine
          />
          <Choice<AdminRole>
            label={say('admins.role')}
            value={role}
            options={(['tenant', 'system'] as const).map((value) => ({
              value,
              label: say(`role.${value}`),
            }))}
            onChange={setRole}
          />
          {role === 'system' ? null : (
            <Choice
              label={say('nav.tenant')}
              value={tenantId}
              options={tenants.map(({ id, name: label }) => ({ value: id, label }))}
              error={words(problems['tenantId'])}
              onChange={setTenantId}
            />
          )}
        </>
      )}
    </SmallForm>
  );
}
