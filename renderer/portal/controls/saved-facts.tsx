import { useFormats, useSay } from '../words.tsx';
import { Remark } from './page.tsx';

interface SavedFactsProps {
  /** What is odd about it as it is saved, in words. */
  readonly warnings: readonly string[];
  /** Name of the admin; empty: the command line. */
  readonly changedBy: string;
  /** Milliseconds since 1970; 0: never changed. */
  readonly changedAt: number;
}

/** Above a form: what to look at in what is saved, and who saved it. */
export function SavedFacts({ warnings, changedBy, changedAt }: SavedFactsProps) {
  const say = useSay();
  const { dateTime } = useFormats();
  return (
    <>
      {warnings.map((warning) => (
        <Remark key={warning}>
          <p>{warning}</p>
        </Remark>
      ))}
      {changedAt === 0 ? null : (
        <p className="desk-about">
          {say('form.changedBy', { by: changedBy || '–', at: dateTime(changedAt) })}
        </p>
      )}
    </>
  );
}
