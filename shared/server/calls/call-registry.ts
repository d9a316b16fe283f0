import type { TenantId } from '../../domain/ids.ts';
import type { TwoPartyCall } from './two-party-call.ts';

/** The pairs that exist now. */
export class CallRegistry {
  readonly #calls = new Set<TwoPartyCall>();

  get size(): number {
    return this.#calls.size;
  }

  add(call: TwoPartyCall): void {
    this.#calls.add(call);
  }

  delete(call: TwoPartyCall): boolean {
    return this.#calls.delete(call);
  }

  /** The pairs of one tenant, oldest first; of all without one. */
  of(tenantId?: TenantId): readonly TwoPartyCall[] {
    const all = [...this.#calls];
    return tenantId === undefined ? all : all.filter((call) => call.a.party.tenantId === tenantId);
  }
}
