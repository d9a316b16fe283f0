import { Phone as PhoneIcon, PhoneOff } from 'lucide-react';
import type { Call } from '../../../../shared/phone/call.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { Avatar } from '../../../controls/avatar.tsx';
import { AccountMarkLabel } from '../accounts/account-mark.tsx';
import { partyTitle, showNumber } from '../../number.ts';
import { usePhone } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';

/** Someone calls. Takes no focus: a press meant for something else must not answer. */
export function IncomingCall({ call }: { readonly call: Call }) {
  const say = useSay();
  const phone = usePhone();
  const who = partyTitle(call.party, say('party.anonymous'));
  const recall = call.recall !== null;
  return (
    <article
      className="incoming"
      data-recall={recall}
      aria-label={say('call.incomingFrom', { who })}
      data-call-id={call.id}
    >
      <p className="incoming-kind">
        {recall ? say('call.recall', { slot: call.recall?.slot ?? '' }) : say('call.incoming')}
        <AccountMarkLabel account={call.account} />
      </p>
      <div className="call-who">
        <Avatar party={call.party} />
        <div className="card-names">
          <p className="call-name">
            <bdi>{who}</bdi>
          </p>
          <p className="call-number">
            <bdi>{call.party.name === null ? '' : showNumber(call.party.number)}</bdi>
          </p>
        </div>
      </div>
      <div className="incoming-actions">
        <ActionButton
          icon={PhoneOff}
          tone="danger"
          onPress={() => phone.call({ kind: 'hang-up', call: call.id })}
        >
          {say('call.decline')}
        </ActionButton>
        <ActionButton
          icon={PhoneIcon}
          tone="good"
          onPress={() => phone.call({ kind: 'answer', call: call.id })}
        >
          {say('call.answer')}
        </ActionButton>
      </div>
    </article>
  );
}
