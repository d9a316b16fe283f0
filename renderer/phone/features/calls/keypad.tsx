import { Button } from 'react-aria-components';
import { useSay, type Say } from '../../text.tsx';

const KEYS: readonly (readonly [key: string, letters: string])[] = [
  ['1', ''],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
  ['*', ''],
  ['0', '+'],
  ['#', ''],
];

interface KeypadProps {
  onKey(key: string): void;
  /** Holding 0 gives +. */
  onLongZero?(): void;
}

/** Twelve keys in the order of every telephone, left to right in every language. */
export function Keypad({ onKey, onLongZero }: KeypadProps) {
  const say = useSay();
  return (
    <div className="keypad" dir="ltr" role="group" aria-label={say('dial.keypad')}>
      {KEYS.map(([key, letters]) => (
        <Button key={key} className="key" onPress={() => onKey(key)} {...nameOfSymbol(key, say)}>
          <span className="key-digit">{key}</span>
          <span className="key-letters">
            {key === '0' && onLongZero === undefined ? '' : letters}
          </span>
        </Button>
      ))}
    </div>
  );
}

/** Digits name themselves; the two symbols have names. */
function nameOfSymbol(key: string, say: Say): { readonly 'aria-label'?: string } {
  if (key === '*') return { 'aria-label': say('dial.star') };
  return key === '#' ? { 'aria-label': say('dial.hash') } : {};
}
