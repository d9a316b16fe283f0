import type { CallKit } from './call-kit.ts';
import type { Leg } from './leg.ts';

/** How often two legs are planned for at most: each may have to be asked once, and one again. */
const MOST_ROUNDS = 3;

/**
 * Makes two legs able to hear each other: re-INVITEs whichever sends what the other cannot take (MEDIA.md).
 * @param timeoutMs for each re-INVITE
 * @returns false when they have nothing in common, or the one asked refused or did not answer in time
 */
export async function makeBridgeable(
  kit: CallKit,
  legs: readonly [Leg, Leg],
  timeoutMs: number,
): Promise<boolean> {
  const [a, b] = legs;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    if (a.ended || b.ended) return false;
    const plan = kit.media.planBridge(a.media, b.media);
    if (plan.kind === 'ready') return true;
    if (plan.kind === 'impossible') return false;
    const asked = plan.leg === a.media ? a : b;
    if ((await asked.renegotiate(plan.codecs, timeoutMs)) !== 'done') return false;
  }
  return false;
}
