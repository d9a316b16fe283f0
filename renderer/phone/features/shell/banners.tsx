import { MicOff, PhoneForwarded, Volume2, WifiOff } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { liveCalls } from '../../../../shared/phone/call-list.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import {
  SessionProvider,
  useCalls,
  useEachPhone,
  useMark,
  usePhone,
  usePhoneState,
  useSession,
  useSessions,
  useSwitchboard,
} from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { CertificateBanner } from '../sign-in/certificate-banner.tsx';
import { lineWords, problemWords } from './line-words.ts';

/** What keeps the phone from working as it should, with the one press that mends it. */
export function Banners() {
  const sessions = useSessions();
  return (
    <div className="banners">
      {sessions.map((session) => (
        <SessionProvider key={session.account.key} session={session}>
          <CertificateBanner />
          <LineBanner />
          <ForwardingBanner />
        </SessionProvider>
      ))}
      <MicrophoneBanner />
      <SoundBanner />
    </div>
  );
}

function Banner({
  icon: Icon,
  tone,
  children,
  action,
}: {
  readonly icon: LucideIcon;
  readonly tone: 'warn' | 'bad';
  readonly children: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="banner" data-tone={tone} role="status">
      <Icon aria-hidden className="icon" />
      <p className="banner-words">{children}</p>
      {action}
    </div>
  );
}

/** Puts the account's name before words about it, where several are signed in. */
function useOf(): (words: string) => string {
  const say = useSay();
  const mark = useMark(useSession().account.key);
  return (words) => (mark === null ? words : say('accounts.of', { account: mark.text, words }));
}

function LineBanner() {
  const say = useSay();
  const phone = usePhone();
  const line = usePhoneState((state) => state.line);
  const of = useOf();
  if (line.kind === 'offline') {
    return (
      <Banner
        icon={WifiOff}
        tone="warn"
        action={
          <ActionButton onPress={() => phone.line.nudge('asked by the user')}>
            {say('banner.retry')}
          </ActionButton>
        }
      >
        {of(lineWords(line, say))}
      </Banner>
    );
  }
  if (line.kind !== 'refused') return null;
  return (
    <Banner
      icon={WifiOff}
      tone="bad"
      action={<ActionButton onPress={() => phone.line.start()}>{say('banner.retry')}</ActionButton>}
    >
      {of(problemWords(line.problem, say))}
    </Banner>
  );
}

/** Calls and retrieves still work: one hears, and is not heard. */
function MicrophoneBanner() {
  const say = useSay();
  const { sounds } = useSession();
  const microphone = usePhoneState((state) => state.microphone);
  const inCall = liveCalls(useCalls()).length > 0;
  if (microphone.kind !== 'missing' || !inCall) return null;
  const words = {
    refused: say('banner.microphoneRefused'),
    none: say('banner.noMicrophone'),
    busy: say('banner.microphoneBusy'),
  };
  return (
    <Banner
      icon={MicOff}
      tone="warn"
      action={
        <ActionButton onPress={() => void sounds.microphone.retry()}>
          {say('banner.useMicrophone')}
        </ActionButton>
      }
    >
      {words[microphone.problem]}
    </Banner>
  );
}

/** Nothing rings here while every call goes elsewhere: that must not be forgotten. */
function ForwardingBanner() {
  const say = useSay();
  const { server } = useSession();
  const of = useOf();
  const forwarding = usePhoneState((state) => state.forwarding);
  if (forwarding === null || forwarding.always === null) return null;
  const stop = () => void server.stopForwarding();
  return (
    <Banner
      icon={PhoneForwarded}
      tone="warn"
      action={<ActionButton onPress={stop}>{say('banner.forwardOff')}</ActionButton>}
    >
      {of(say('banner.forwarded', { to: forwarding.always }))}
    </Banner>
  );
}

function SoundBanner() {
  const say = useSay();
  const { sessions, sounds } = useSwitchboard();
  const blocked = useEachPhone((state) => state.soundBlocked).some((each) => each);
  if (!blocked) return null;
  const enable = () => {
    sounds.unblock();
    for (const { phone } of sessions) phone.update({ soundBlocked: false });
  };
  return (
    <Banner
      icon={Volume2}
      tone="warn"
      action={<ActionButton onPress={enable}>{say('banner.enableSound')}</ActionButton>}
    >
      {say('banner.soundBlocked')}
    </Banner>
  );
}
