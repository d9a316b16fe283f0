import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { ActionButton } from '../../controls/action-button.tsx';
import { useSay } from '../words.tsx';

/** Text that is shown once and wanted elsewhere. */
export function Copyable({ text, label }: { readonly text: string; readonly label: string }) {
  const say = useSay();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // Without a secure context there is no clipboard; the text can still be selected.
    }
  };
  return (
    <div className="copyable">
      <output className="copyable-text" aria-label={label} dir="ltr">
        {text}
      </output>
      <ActionButton icon={copied ? Check : Copy} onPress={() => void copy()}>
        {say(copied ? 'common.copied' : 'common.copy')}
      </ActionButton>
    </div>
  );
}
