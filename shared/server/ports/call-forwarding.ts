import type { Forwarding } from '../../domain/call-forwarding.ts';
import type { UserId } from '../../domain/ids.ts';

/** What users wish to become of their calls. Kept for good; a deleted user's goes with them. */
export interface CallForwarding {
  /** `noForwarding` for whoever never said anything. Immediate: asked at every call. */
  of(userId: UserId): Forwarding;
  set(userId: UserId, forwarding: Forwarding): void;
}
