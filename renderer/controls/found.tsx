import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { hasWords } from '../../shared/phone/word-search.ts';

/** The words that a control has to contain to be shown; none outside a search. */
const WantedWords = createContext<readonly string[]>([]);

interface FoundWithinProps {
  readonly words: readonly string[];
  /** What the controls within are about: its words need not be found again in each of them. */
  readonly title: string;
  readonly children: ReactNode;
}

/** Shows of the controls within only those that contain the words searched for; all of them when the title does. */
export function FoundWithin({ words, title, children }: FoundWithinProps) {
  const missing = useMemo(() => words.filter((word) => !hasWords([word], [title])), [words, title]);
  const search = words.length === 0 ? 'off' : missing.length === 0 ? 'whole' : 'parts';
  return (
    <WantedWords value={missing}>
      <div className="found-within" data-search={search}>
        {children}
      </div>
    </WantedWords>
  );
}

/** Whether a control with these texts is to be shown. */
export function useFound(...texts: readonly (string | undefined)[]): boolean {
  const words = useContext(WantedWords);
  return hasWords(
    words,
    texts.filter((text) => text !== undefined),
  );
}
