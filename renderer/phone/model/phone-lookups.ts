import { formatFeatureCode, type FeatureCodes } from '../../../shared/domain/feature-code.ts';
import { isExtension } from '../../../shared/domain/ids.ts';
import { findCall } from '../../../shared/phone/call-flow.ts';
import type { Call } from '../../../shared/phone/call.ts';
import type { Card } from '../../../shared/phone/park-card.ts';
import type { PbxProfile } from '../../../shared/phone/pbx-profile.ts';
import type { PartyText } from '../../../shared/phone/park-report.ts';
import type { PhoneState, ServerParts } from './phone-state.ts';

/** The call with this id, while it is there. */
export function callOf(state: PhoneState, id: string | null): Call | undefined {
  return id === null ? undefined : findCall(state.calls, id);
}

/** What parks in the same slot again, where the PBX lets one choose: the group's code for a group's call, else the extension's. */
export function parkCodeOf(card: Card, codes: FeatureCodes, pbx: PbxProfile): string {
  if (!pbx.parts.parkOnColleague) return codes.park;
  if (card.group !== null) return codes.parkGroup;
  return card.slot !== null && isExtension(card.slot)
    ? formatFeatureCode({ kind: 'park-extension', extension: card.slot }, codes)
    : codes.park;
}

/** Who is dialled, as far as the directory knows. */
export function partyFor(text: string, server: ServerParts): PartyText {
  const entry =
    server.kind === 'ready'
      ? server.directory.find(({ extension }) => extension === text)
      : undefined;
  return { name: entry?.displayName ?? null, number: text };
}
