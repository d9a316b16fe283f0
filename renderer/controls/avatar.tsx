import type { PartyText } from '../../shared/phone/park-report.ts';
import { initials } from '../phone/number.ts';

/** A round mark for who this is; said elsewhere in words. */
export function Avatar({ party }: { readonly party: PartyText }) {
  return (
    <span className="avatar" aria-hidden>
      {initials(party)}
    </span>
  );
}
