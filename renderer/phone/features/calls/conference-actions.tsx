import { DoorOpen, UserRound, Users, UsersRound } from 'lucide-react';
import { conferenceOf, mayJoin } from '../../../../shared/phone/call-conference.ts';
import type { Call } from '../../../../shared/phone/call.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { partyTitle } from '../../number.ts';
import { usePhone, usePhoneState } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';

/** One call is heard and another waits: connect the two and leave, or talk all three. */
export function WithOther({ call, other }: { readonly call: Call; readonly other: Call }) {
  const say = useSay();
  const phone = usePhone();
  const joins = usePhoneState(({ calls }) => mayJoin(calls, call.id, other.id));
  const who = partyTitle(other.party, say('party.anonymous'));
  return (
    <>
      <ActionButton
        icon={Users}
        className="with-name"
        onPress={() =>
          phone.call({
            kind: 'transfer',
            call: call.id,
            target: { kind: 'attended', other: other.id },
          })
        }
      >
        {say('transfer.join', { who })}
      </ActionButton>
      {joins ? (
        <ActionButton
          icon={UsersRound}
          className="with-name"
          onPress={() => phone.call({ kind: 'join', call: call.id, other: other.id })}
        >
          {say('conference.join', { who })}
        </ActionButton>
      ) : null}
    </>
  );
}

/** All three talk: part them, or leave the two to each other. */
export function ConferenceActions({ call }: { readonly call: Call }) {
  const say = useSay();
  const phone = usePhone();
  const other = usePhoneState(({ calls }) => conferenceOf(calls).find(({ id }) => id !== call.id));
  if (other === undefined) return null;
  return (
    <>
      <ActionButton
        icon={UserRound}
        className="with-name"
        onPress={() => phone.call({ kind: 'split', call: call.id })}
      >
        {say('conference.split', { who: partyTitle(call.party, say('party.anonymous')) })}
      </ActionButton>
      <ActionButton
        icon={DoorOpen}
        isDisabled={call.state.kind !== 'active'}
        onPress={() =>
          phone.call({
            kind: 'transfer',
            call: call.id,
            target: { kind: 'attended', other: other.id },
          })
        }
      >
        {say('conference.leave')}
      </ActionButton>
    </>
  );
}
