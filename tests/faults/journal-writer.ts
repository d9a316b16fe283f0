import { randomBytes } from 'node:crypto';
import { epochMs, makeParkId, parseExtension } from '../../shared/domain/ids.ts';
import { Foundation } from '../../shared/server/foundation.ts';
import { SystemClock } from '../../shared/server/system-clock.ts';

/** Writes journal lines as fast as it can and says how many have returned, until it is killed. */
const opened = Foundation.open({
  dataDir: process.argv[2] ?? '',
  clock: new SystemClock(),
  role: 'server',
});
const extension = parseExtension('101');
if (!opened.ok || !extension.ok) throw new Error('cannot open');
const tenant = opened.value.provisioning.ensureFirstTenant({ name: 'default' });
if (!tenant.ok) throw new Error(tenant.error.kind);
for (let written = 1; ; written += 1) {
  opened.value.store.journal.append({
    at: epochMs(Date.now()),
    tenantId: tenant.value.id,
    parkId: makeParkId(randomBytes(16)),
    slot: extension.value,
    parker: extension.value,
    caller: { name: 'Client', number: '003386002678', anonymous: false },
    step: { kind: 'parked' },
  });
  await new Promise((resolve) => process.stdout.write(`${written}\n`, resolve));
}
