/**
 * Room for bytes that are written once and then only read. A small piece of its own costs more to allocate, and to give back, than
 * to fill: so pieces are cut from a larger one, which lives as long as any of them.
 */
const SLAB_BYTES = 32_768;
/** Larger pieces have room of their own, or they would keep too much alive with them. */
const LARGEST_PIECE_BYTES = 4_096;

let slab = new Uint8Array(0);
let used = 0;

/** Bytes that nobody else has or gets; all zero. */
export function pieceOf(size: number): Uint8Array {
  if (size > LARGEST_PIECE_BYTES) return new Uint8Array(size);
  if (used + size > slab.length) {
    slab = new Uint8Array(SLAB_BYTES);
    used = 0;
  }
  const piece = slab.subarray(used, used + size);
  used += size;
  return piece;
}
