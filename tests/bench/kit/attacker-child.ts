/** Scanner or flood, in a process of its own: see `parts/beside-attack.ts`. Sends what it is told, so many a second, until it is ended. */
import { Attacker } from '../../interop/kit/attacker.ts';

export interface AttackOrder {
  readonly kind: 'scan' | 'flood';
  readonly address: string;
  readonly serverPort: number;
  readonly perSecond: number;
}

const HEAP_MS = 5;
/** Replies that a scanner keeps: it reads the last one only. */
const KEPT = 100;

async function attack({ kind, address, serverPort, perSecond }: AttackOrder): Promise<void> {
  const attacker = await Attacker.at(address, serverPort);
  const began = performance.now();
  let sent = 0;
  setInterval(() => {
    const due = ((performance.now() - began) / 1_000) * perSecond;
    for (; sent < due; sent += 1) {
      const extension = String(1_000 + (sent % 100));
      if (kind === 'scan') attacker.guess(extension, `guess-${sent}`);
      else attacker.send('INVITE', extension);
    }
    if (attacker.replies.length > KEPT) attacker.replies.splice(0, attacker.replies.length - KEPT);
  }, HEAP_MS);
}

process.once('message', (order: AttackOrder) => void attack(order));
process.on('disconnect', () => process.exit(0));
