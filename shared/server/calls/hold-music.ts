import type { TenantId } from '../../domain/ids.ts';
import type { PlaySource } from '../../media/engine.ts';

/**
 * The music on hold of a tenant: its own if one is registered under its id (`MediaEngine.addMusic`), else the built-in
 * piece. A piece that is replaced is heard from the next frame on by everybody who waits, without a gap.
 */
export function holdMusicOf(tenantId: TenantId): PlaySource {
  return { kind: 'music', name: tenantId };
}
