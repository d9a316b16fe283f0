import { Voicemail } from 'lucide-react';
import { ActionButton } from '../../../controls/action-button.tsx';
import { usePhone, usePhoneState } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';

/** Lights while messages wait in the voicemail box; one press calls it. Absent where the PBX tells of none. */
export function VoicemailLamp() {
  const say = useSay();
  const phone = usePhone();
  const summary = usePhoneState((state) => state.voicemail);
  if (summary === null || !summary.waiting) return null;
  const { account, fresh } = summary;
  return (
    <ActionButton
      icon={Voicemail}
      className="voicemail-lamp"
      isDisabled={account === null}
      onPress={() => {
        if (account !== null) phone.dial(account);
      }}
    >
      {fresh === null ? say('voicemail.waiting') : say('voicemail.count', { count: fresh })}
    </ActionButton>
  );
}
