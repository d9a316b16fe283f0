import { Button } from 'react-aria-components';
import type { ParkView } from '../../../../shared/phone/merged-parks.ts';
import type { Session } from '../../model/session.ts';
import {
  SessionProvider,
  useEachPhone,
  useMark,
  usePhone,
  usePhoneState,
  useSession,
  useSessions,
} from '../../session-context.tsx';
import { useIntlShape, useSay } from '../../text.tsx';

/** In place of cards: why there are none. */
export function NoCards({ mood }: { readonly mood: ParkView['mood'] }) {
  const say = useSay();
  const sessions = useSessions();
  const profiles = useEachPhone((state) => state.pbx);
  const pushing = sessions.filter((_, at) => profiles[at]?.parkSource.kind === 'push');
  const words = {
    unsupported: say('park.unsupported'),
    unknown: say('park.unknown'),
    parked: say('park.empty'),
    empty: say('park.empty'),
  };
  return (
    <>
      {pushing.length > 0 && pushing.length === sessions.length ? null : (
        <p className="park-none">{words[mood]}</p>
      )}
      {pushing.length === 0 ? null : <PushOnly of={pushing} />}
    </>
  );
}

/** These PBXs say when a call is parked, never when it is gone: no list, but the way to the call. */
function PushOnly({ of }: { readonly of: readonly Session[] }) {
  const say = useSay();
  return (
    <div className="park-none">
      <p>{say('park.pushOnly')}</p>
      {of.map((session) => (
        <SessionProvider key={session.account.key} session={session}>
          <RetrieveOwn />
        </SessionProvider>
      ))}
    </div>
  );
}

function RetrieveOwn() {
  const say = useSay();
  const phone = usePhone();
  const mark = useMark(useSession().account.key);
  const code = usePhoneState((state) => state.pbx.codes.retrieve);
  const words = say('park.retrieveOwn', { code });
  return (
    <Button className="button button-plain" onPress={() => phone.dial(code)}>
      {mark === null ? words : say('accounts.of', { account: mark.text, words })}
    </Button>
  );
}

/** Without a live subscription: what is shown of that account was true then. */
export function SyncedAt() {
  return (
    <div className="park-synced-all">
      {useSessions().map((session) => (
        <SessionProvider key={session.account.key} session={session}>
          <SyncedAtOf />
        </SessionProvider>
      ))}
    </div>
  );
}

function SyncedAtOf() {
  const say = useSay();
  const intl = useIntlShape();
  const mark = useMark(useSession().account.key);
  const sync = usePhoneState((state) => state.board.sync);
  const supported = usePhoneState((state) => state.parkListSupported);
  if (sync.kind === 'live' || !supported) return null;
  const account = mark?.text ?? '';
  const at = sync.kind === 'lost' ? sync.syncedAt : null;
  if (at === null)
    return (
      <p className="park-synced">
        {mark === null ? say('park.neverSynced') : say('park.neverSyncedOf', { account })}
      </p>
    );
  const time = intl.formatTime(at, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  });
  return (
    <p className="park-synced">
      {mark === null
        ? say('park.lastSynced', { time })
        : say('park.lastSyncedOf', { account, time })}
    </p>
  );
}
