import { X } from 'lucide-react';
import { useStore } from 'zustand';
import { IconButton } from '../../../controls/icon-button.tsx';
import { usePortal } from '../../portal-context.tsx';
import { useProblemWords, useSay } from '../../words.tsx';

/** What was just done, in a corner and for screen readers. */
export function NoticeList() {
  const say = useSay();
  const words = useProblemWords();
  const { notices } = usePortal();
  const shown = useStore(notices.state);
  return (
    <div className="notices" role="status">
      {shown.map(({ key, tone, words: what }) => (
        <div key={key} className="notice" data-tone={tone}>
          <p className="notice-words">{words(what)}</p>
          <IconButton icon={X} label={say('common.dismiss')} onPress={() => notices.dismiss(key)} />
        </div>
      ))}
    </div>
  );
}
