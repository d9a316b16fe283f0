import { Keyboard, SquareParking, Star, Undo2, type LucideIcon } from 'lucide-react';
import { liveCalls } from '../../../../shared/phone/call-list.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import type { MessageId } from '../../intl.ts';
import { useCalls, useSession, useSettings } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';

const STEPS: readonly { readonly icon: LucideIcon; readonly words: MessageId }[] = [
  { icon: SquareParking, words: 'tour.park' },
  { icon: Undo2, words: 'tour.retrieve' },
  { icon: Star, words: 'tour.people' },
  { icon: Keyboard, words: 'tour.keys' },
];

/** The one page of explanations at the first start. Not a dialog: a call that comes in meanwhile can be taken. */
export function Tour() {
  const say = useSay();
  const { settings } = useSession();
  const { tourSeen } = useSettings();
  const inCall = liveCalls(useCalls()).length > 0;
  if (tourSeen || inCall) return null;
  return (
    <section className="tour" aria-labelledby="tour-title">
      <h2 id="tour-title" className="page-title">
        {say('tour.title')}
      </h2>
      <ul className="tour-steps">
        {STEPS.map(({ icon: Icon, words }) => (
          <li key={words}>
            <Icon aria-hidden className="icon" />
            <span>{say(words)}</span>
          </li>
        ))}
      </ul>
      <div className="form-actions">
        <ActionButton tone="accent" onPress={() => settings.change({ tourSeen: true })}>
          {say('tour.done')}
        </ActionButton>
      </div>
    </section>
  );
}
