import { expect } from '@playwright/test';
import type { BrowserPhone } from '../browser-phone.ts';
import type { ScriptedPbx } from './scripted-pbx.ts';

interface SignIn {
  /** As the form's choice names it. */
  readonly system: 'Asterisk, FreePBX' | 'PortSIP PBX';
  readonly pbx: ScriptedPbx;
  readonly extension: '101' | '102' | '103';
  readonly domain: string;
  readonly slots?: string;
}

/** Fills the sign-in form for another telephone system, and waits for the registration. */
export async function signInTo(phone: BrowserPhone, account: SignIn): Promise<void> {
  const { page } = phone;
  const { system, pbx, extension, domain, slots } = account;
  await page.getByLabel('Server', { exact: true }).fill(pbx.webSocketUrl);
  await page.getByLabel('Extension', { exact: true }).fill(extension);
  await page.getByLabel('Password', { exact: true }).fill(pbx.passwordOf(extension));
  await page.getByRole('button', { name: 'Advanced' }).click();
  await page.getByRole('button', { name: /Telephone system/ }).click();
  await page.getByRole('option', { name: system }).click();
  await page.getByLabel('SIP domain').fill(domain);
  if (slots !== undefined) await page.getByLabel('Parking slots').fill(slots);
  await page.getByRole('button', { name: 'Test and sign in' }).click();
  await expect(page.getByTestId('line-state')).toHaveAttribute('data-line', 'registered');
}
