/** Whether two legs can hear each other as they are, or who must be re-INVITEd first (MEDIA.md: Opus is never transcoded). */
import type { BridgePlan, CodecName, MediaLeg } from './engine.ts';
import { CODECS_BEST_FIRST } from './engine.ts';

/** G.711 and G.722 are converted into each other in-process; Opus only ever passes through. */
export function canConvert(from: CodecName, to: CodecName): boolean {
  return from === to || (from !== 'opus' && to !== 'opus');
}

/** Sorts and deduplicates by `CODECS_BEST_FIRST`. */
export function bestFirst(codecs: Iterable<CodecName>): readonly CodecName[] {
  const present = new Set(codecs);
  return CODECS_BEST_FIRST.filter((codec) => present.has(codec));
}

/** The codecs of `preferred` that `available` has, in the order of `preferred`, then the rest of `available`. */
export function orderByPreference(
  available: readonly CodecName[],
  preferred: readonly CodecName[],
): readonly CodecName[] {
  const shared = preferred.filter((codec) => available.includes(codec));
  return [...new Set([...shared, ...available])];
}

/** What to send to a leg that takes `takes` when the source sends `sent`: the same codec, else one it can be converted to. */
export function codecTowards(takes: readonly CodecName[], sent: CodecName): CodecName | undefined {
  if (takes.includes(sent)) return sent;
  return takes.find((codec) => canConvert(sent, codec));
}

function isHeard(from: MediaLeg, to: MediaLeg): boolean {
  const sent = from.receivingCodec;
  return sent === undefined || codecTowards(to.remoteCodecs, sent) !== undefined;
}

/** The codecs to ask `leg` for so that `other` can take all of them without another re-INVITE. */
function codecsToAsk(leg: MediaLeg, other: MediaLeg): readonly CodecName[] {
  const same = leg.knownCodecs.filter((codec) => other.remoteCodecs.includes(codec));
  if (same.length > 0) return same;
  return leg.knownCodecs.filter((codec) => codecTowards(other.remoteCodecs, codec) !== undefined);
}

/** See `MediaEngine.planBridge`. When both directions need it, the leg named first is asked first; plan again afterwards. */
export function planBridge(a: MediaLeg, b: MediaLeg): BridgePlan {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    if (isHeard(from, to)) continue;
    const codecs = codecsToAsk(from, to);
    if (codecs.length > 0) return { kind: 'renegotiate', leg: from, codecs };
    const reverse = codecsToAsk(to, from);
    if (reverse.length > 0) return { kind: 'renegotiate', leg: to, codecs: reverse };
    return { kind: 'impossible' };
  }
  return { kind: 'ready' };
}
