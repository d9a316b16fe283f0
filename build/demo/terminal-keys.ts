export interface KeyTable {
  readonly [key: string]: () => void;
}

const CTRL_C = '\u0003';

/** Whether single keys can be read here. */
export const hasKeys = (): boolean => process.stdin.isTTY === true;

/** Reads single keys; Ctrl-C is `q`. Gives what puts the terminal back as it was. */
export function readKeys(table: KeyTable): () => void {
  if (!hasKeys()) return () => undefined;
  const onData = (piece: Buffer): void => {
    for (const key of piece.toString('utf8')) table[key === CTRL_C ? 'q' : key.toLowerCase()]?.();
  };
  process.stdin.setRawMode(true);
  process.stdin.resume();
  process.stdin.on('data', onData);
  return () => {
    process.stdin.off('data', onData);
    process.stdin.setRawMode(false);
    process.stdin.pause();
  };
}
