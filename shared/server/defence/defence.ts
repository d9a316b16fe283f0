import type { IncomingMessage } from 'node:http';
import type { ServerConfig } from '../../config/server-config.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Flow, MessageReceiver } from '../../sip/transaction/flow.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import { systemSipRandom } from '../../sip/transport/system-ports.ts';
import { FailedAttempts } from '../auth/failed-attempts.ts';
import { clientAddress } from '../client-address.ts';
import type { Logger } from '../log.ts';
import { Audit, type BlockReason } from './audit.ts';
import { Capacity } from './capacity.ts';
import { Gatekeeper } from './gatekeeper.ts';
import { GuardedReceiver } from './guarded-receiver.ts';
import { loopLateness } from './loop-lateness.ts';

export interface DefenceParts {
  readonly config: ServerConfig;
  readonly clock: Clock;
  readonly log: Logger;
  readonly countBlock: (reason: BlockReason) => void;
  readonly countRefusal: (reason: BlockReason) => void;
  /** A live binding was made over that very flow. */
  readonly isRegistered: (flow: Flow) => boolean;
}

/** Everything that keeps strangers from hurting those who are signed in, as one server has it. */
export class Defence {
  readonly attempts: FailedAttempts;
  readonly gatekeeper: Gatekeeper;
  readonly capacity: Capacity;
  readonly #parts: DefenceParts;

  constructor(parts: DefenceParts) {
    this.#parts = parts;
    const { config, clock, isRegistered } = parts;
    const audit = new Audit(parts);
    const { failuresPerAccount, failuresPerAddress, failureWindowMs } = config.defence;
    const limits = {
      perAccount: failuresPerAccount,
      perAddress: failuresPerAddress,
      windowMs: failureWindowMs,
    };
    this.attempts = new FailedAttempts(clock, limits, ({ source, what }) =>
      audit.blocked('failed-authentication', source, { what }),
    );
    this.gatekeeper = new Gatekeeper({
      config: config.defence,
      clock,
      audit,
      isRegistered,
      trusting: config.insecureNoAuth,
    });
    this.capacity = new Capacity({
      limits: config.limits,
      clock,
      audit,
      memory: () => process.memoryUsage.rss(),
      latenessMs: loopLateness(),
    });
  }

  /** What connections hand their messages to, before `inner`. */
  receiver(inner: MessageReceiver): MessageReceiver {
    return new GuardedReceiver(inner, this.gatekeeper, () => systemSipRandom.token(64));
  }

  /** Where the client of an HTTP request or a WebSocket really is, through proxies that are trusted. */
  readonly clientAddress = ({ headers, socket }: IncomingMessage): string => {
    const forwarded = headers['x-forwarded-for'];
    const said = Array.isArray(forwarded) ? forwarded.join(',') : forwarded;
    const { trustedProxies } = this.#parts.config.defence;
    return clientAddress(socket.remoteAddress ?? '', said, trustedProxies);
  };

  /** Refuses what would begin something new for a stranger while memory is short. @returns whether it did */
  turnsAway(tx: ServerTransaction): boolean {
    const isNew = tx.request.toTag === undefined && !this.#parts.isRegistered(tx.flow);
    if (!isNew || !this.capacity.exhausted) return false;
    tx.reply(503, { reason: 'The server is full', headers: [['Retry-After', '30']] });
    return true;
  }
}
