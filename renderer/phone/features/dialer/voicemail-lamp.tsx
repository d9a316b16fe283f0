import { Voicemail } from 'lucide-react';
import { ActionButton } from '../../../controls/action-button.tsx';
import {
  SessionProvider,
  useMark,
  usePhone,
  usePhoneState,
  useSession,
  useSessions,
} from '../../session-context.tsx';
import { useSay } from '../../text.tsx';

/** A lamp for each account's box. */
export function VoicemailLamps() {
  return useSessions().map((session) => (
    <SessionProvider key={session.account.key} session={session}>
      <VoicemailLamp />
    </SessionProvider>
  ));
}

/** Lights while messages wait in the voicemail box; one press calls it. Absent where the PBX tells of none. */
function VoicemailLamp() {
  const say = useSay();
  const phone = usePhone();
  const summary = usePhoneState((state) => state.voicemail);
  const mark = useMark(useSession().account.key);
  if (summary === null || !summary.waiting) return null;
  const { account, fresh } = summary;
  const words =
    fresh === null ? say('voicemail.waiting') : say('voicemail.count', { count: fresh });
  return (
    <ActionButton
      icon={Voicemail}
      className="voicemail-lamp"
      isDisabled={account === null}
      onPress={() => {
        if (account !== null) phone.dial(account);
      }}
    >
      {mark === null ? words : say('accounts.of', { account: mark.text, words })}
    </ActionButton>
  );
}
