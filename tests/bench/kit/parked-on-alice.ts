import { BrowserPhone } from '../../e2e/kit/browser-phone.ts';
import type { CallerIdentity } from '../../e2e/kit/client.ts';
import type { TestServer } from '../../e2e/kit/test-server.ts';

/** Someone calls Bob, who parks the call on Alice and leaves for good. */
export async function parkOnAlice(
  { server, alice }: { readonly server: TestServer; readonly alice: BrowserPhone },
  caller: CallerIdentity,
  call: () => Promise<void>,
): Promise<void> {
  const bob = await BrowserPhone.signedIn(server, '101');
  try {
    await call();
    await bob.answer();
    await bob.transferTo('*68102');
    await alice.card(caller).getByRole('button', { name: 'Retrieve' }).waitFor();
  } finally {
    await bob.close();
  }
}

/** Alice puts the call back where it was, so that it can be retrieved again. */
export async function putBack(alice: BrowserPhone, caller: CallerIdentity): Promise<void> {
  await alice.page.getByRole('button', { name: 'Put back' }).first().click();
  await alice.card(caller).getByRole('button', { name: 'Retrieve' }).waitFor();
  await alice.isIdle();
}
