import { ArrowLeftRight, PhoneOff } from 'lucide-react';
import type { Call } from '../../../../shared/phone/call.ts';
import { IconButton } from '../../../controls/icon-button.tsx';
import { partyTitle } from '../../number.ts';
import { usePhone, usePhoneState } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { AccountMarkLabel } from '../accounts/account-mark.tsx';
import { nameOf } from '../park/card-words.ts';
import { callStateWords } from './call-words.ts';

/** Another call beside the shown one: swap to it, or end it. */
export function CallStrip({ call }: { readonly call: Call }) {
  const say = useSay();
  const phone = usePhone();
  const server = usePhoneState((state) => state.server);
  const who = partyTitle(call.party, say('party.anonymous'));
  return (
    <article
      className="strip"
      aria-label={say('call.other', { who })}
      data-call-id={call.id}
      data-company={call.company}
    >
      <div className="strip-words">
        <p className="strip-name">
          <bdi>{who}</bdi>
        </p>
        <p className="strip-state">
          {callStateWords(call, say, nameOf({ server }))}
          <AccountMarkLabel account={call.account} />
        </p>
      </div>
      <IconButton
        icon={ArrowLeftRight}
        label={say(call.company === 'alone' ? 'call.swapTo' : 'conference.show', { who })}
        isDisabled={call.state.kind !== 'held' && call.company === 'alone'}
        onPress={() =>
          call.company === 'alone'
            ? phone.call({ kind: 'resume', call: call.id })
            : phone.show(call.id)
        }
      />
      <IconButton
        icon={PhoneOff}
        label={say('call.hangUpWho', { who })}
        className="icon-danger"
        onPress={() => phone.call({ kind: 'hang-up', call: call.id })}
      />
    </article>
  );
}
