import type { Extension } from './ids.ts';

/**
 * Which member of a Call Park group gets a call parked by the group's code (CALL-PARK "Park"). The search always starts
 * at the first assigned member; one with no parked call wins, else the one with the fewest while the cap allows. Being
 * busy, signed out or on do-not-disturb does not count.
 * @param members in assigned order, the parker included
 * @param countOn how many calls are parked on a member
 * @param cap most calls on one extension, ≥ 1
 * @returns `null` when every member is full (480), or there is none
 */
export function huntMember(
  members: readonly Extension[],
  countOn: (member: Extension) => number,
  cap: number,
): Extension | null {
  let best: { member: Extension; count: number } | null = null;
  for (const member of members) {
    const count = countOn(member);
    if (count === 0) return member;
    if (count < cap && (best === null || count < best.count)) best = { member, count };
  }
  return best?.member ?? null;
}
