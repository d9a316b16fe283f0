import {
  PhoneForwarded,
  PhoneIncoming,
  PhoneMissed,
  PhoneOutgoing,
  SquareParking,
  Undo2,
  X,
  type LucideIcon,
} from 'lucide-react';
import { Button } from 'react-aria-components';
import { historyKey, type HistoryEntry } from '../../../../shared/phone/history.ts';
import { showElapsed } from '../../elapsed.ts';
import { AccountMarkLabel } from '../accounts/account-mark.tsx';
import type { MessageId } from '../../intl.ts';
import { partyTitle, showNumber } from '../../number.ts';
import { usePhone, useSession, useSwitchboard } from '../../session-context.tsx';
import { useIntlShape, useSay } from '../../text.tsx';
import { callBack } from './call-back.ts';

const KINDS: Readonly<
  Record<HistoryEntry['kind'], { readonly icon: LucideIcon; readonly words: MessageId }>
> = {
  incoming: { icon: PhoneIncoming, words: 'history.incoming' },
  outgoing: { icon: PhoneOutgoing, words: 'history.outgoing' },
  missed: { icon: PhoneMissed, words: 'history.missed' },
  elsewhere: { icon: PhoneIncoming, words: 'history.elsewhere' },
  retrieved: { icon: Undo2, words: 'history.retrieved' },
  recalled: { icon: PhoneForwarded, words: 'history.recalled' },
  parked: { icon: SquareParking, words: 'history.parked' },
};

/** One call; a press on it calls back. */
export function HistoryRow({ entry }: { readonly entry: HistoryEntry }) {
  const say = useSay();
  const intl = useIntlShape();
  const phone = usePhone();
  const switchboard = useSwitchboard();
  const { account, history } = useSession();
  const { icon: Icon, words } = KINDS[entry.kind];
  const who = partyTitle(
    { name: entry.name === '' ? null : entry.name, number: entry.number },
    say('party.anonymous'),
  );
  const when = intl.formatDate(entry.at, { dateStyle: 'short', timeStyle: 'short' });
  const mos = entry.quality?.mos;
  return (
    <li className="history-row">
      <button
        type="button"
        className="row"
        data-kind={entry.kind}
        disabled={entry.number === ''}
        onClick={() => callBack(entry, { phone, dialler: switchboard.first?.phone ?? phone })}
        aria-description={say('history.row', { who, kind: say(words), when })}
      >
        <Icon aria-hidden className="icon" />
        <span className="row-words">
          <bdi className="row-title">{who}</bdi>
          <AccountMarkLabel account={account.key} />
          <span className="row-more">
            {say(words)}
            {entry.name === '' ? '' : ` · ${showNumber(entry.number)}`}
            {mos === undefined
              ? ''
              : ` · ${say('history.mos', { mos: intl.formatNumber(mos, { minimumFractionDigits: 1, maximumFractionDigits: 1 }) })}`}
          </span>
        </span>
        <span className="row-side">
          <span>{when}</span>
          {entry.lastedMs === 0 ? null : <span>{showElapsed(entry.lastedMs)}</span>}
        </span>
      </button>
      <Button
        className="icon-button"
        aria-label={say('history.remove', { who, when })}
        onPress={() => history.remove(historyKey(entry))}
      >
        <X aria-hidden className="icon icon-small" />
      </Button>
    </li>
  );
}
