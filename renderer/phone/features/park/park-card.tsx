import { AlarmClock, Clock3, PhoneForwarded, StickyNote, Undo2 } from 'lucide-react';
import { memo, useCallback } from 'react';
import type { AccountMark } from '../../../../shared/phone/account-mark.ts';
import type { PlacedCard } from '../../../../shared/phone/merged-parks.ts';
import { secondsToRecall, type Card } from '../../../../shared/phone/park-card.ts';
import { epochMs } from '../../../../shared/domain/ids.ts';
import { Avatar } from '../../../controls/avatar.tsx';
import { Ticking } from '../../../controls/ticker.tsx';
import { showElapsed } from '../../elapsed.ts';
import { useSay } from '../../text.tsx';
import { MarkLabel } from '../accounts/account-mark.tsx';
import {
  callerNumber,
  callerTitle,
  cardLabel,
  endWords,
  parkerWords,
  recallWords,
  scopeWords,
  slotWords,
  type NameOf,
} from './card-words.ts';

interface ParkCardProps {
  readonly placed: PlacedCard;
  /** Whose it is, where several accounts are signed in. */
  readonly mark: AccountMark | null;
  readonly me: string;
  readonly name: NameOf;
  /** A retrieve is under way, of this card or of another. */
  readonly pending: 'this' | 'other' | null;
  /** The server takes a wish for more time. */
  readonly canSnooze: boolean;
  readonly focusable: boolean;
  /** An ended card stays as high as it was while something below it is pointed at, px. */
  readonly keptHeight: number | undefined;
}

/** One parked call. Presses are the list's: see `press-binding.ts`. */
export const ParkCard = memo(function ParkCard({
  placed,
  mark,
  me,
  name,
  pending,
  canSnooze,
  focusable,
  keptHeight,
}: ParkCardProps) {
  const say = useSay();
  const { key, card, number, frozen } = placed;
  const ended = card.state.kind === 'ended';
  const scope = scopeWords(card, me, say);
  return (
    <li
      className="card"
      data-park-id={key}
      data-frozen={frozen}
      data-state={card.state.kind}
      data-scope={card.slot === me ? 'own' : 'other'}
      tabIndex={focusable ? 0 : -1}
      style={keptHeight === undefined ? undefined : { minBlockSize: keptHeight }}
      aria-label={cardLabel(card, { me, say, name, account: mark?.text ?? null })}
    >
      <div className="card-who">
        <Avatar party={card.caller ?? { name: null, number: '' }} />
        <div className="card-names">
          <p className="card-title">
            <bdi>{callerTitle(card, say)}</bdi>
          </p>
          <p className="card-number">
            <bdi>{callerNumber(card)}</bdi>
          </p>
        </div>
        {number === null ? null : (
          <kbd className="card-key" title={say('park.key', { number })}>
            {number}
          </kbd>
        )}
      </div>
      <p className="card-where">
        <MarkLabel mark={mark} />
        {scope === '' ? null : <span className="mark">{scope}</span>}
        <span>{slotWords(card, say)}</span>
        <span className="card-parker">{parkerWords(card, me, say)}</span>
      </p>
      {card.note === null ? null : (
        <p className="card-note">
          <StickyNote aria-hidden className="icon icon-small" />
          <bdi>{card.note}</bdi>
        </p>
      )}
      <div className="card-foot">
        {card.state.kind === 'ended' ? (
          <p className="card-end">{endWords(card.state.how, say, name)}</p>
        ) : (
          <CardTimes card={card} />
        )}
        {ended ? null : (
          <div className="card-actions">
            {canSnooze ? <SnoozeButton placed={placed} /> : null}
            <RetrieveButton placed={placed} pending={pending} />
          </div>
        )}
      </div>
    </li>
  );
});

function CardTimes({ card }: { readonly card: Card }) {
  const say = useSay();
  const waited = useCallback(
    (now: number) => showElapsed(now - card.waitingSince),
    [card.waitingSince],
  );
  const recall = useCallback(
    (now: number) => {
      const left = secondsToRecall(card, epochMs(now));
      return left === null ? '' : recallWords(card, showElapsed(left * 1000), say);
    },
    [card, say],
  );
  return (
    <p className="card-times">
      <span className="card-time" title={say('park.waiting')}>
        <Clock3 aria-hidden className="icon icon-small" />
        <Ticking text={waited} />
      </span>
      {card.state.kind === 'recalling' ? (
        <span className="card-recall card-recalling">
          <PhoneForwarded aria-hidden className="icon icon-small" />
          {say('park.recallingTo', { who: card.parker?.name ?? card.parker?.extension ?? '' })}
        </span>
      ) : card.recallDueAt === null ? null : (
        <span className="card-recall">
          <Undo2 aria-hidden className="icon icon-small" />
          <Ticking text={recall} />
        </span>
      )}
    </p>
  );
}

/** Puts the recall off by one recall time; there only while one is due or rings. */
function SnoozeButton({ placed }: Pick<ParkCardProps, 'placed'>) {
  const say = useSay();
  const { key, card, frozen } = placed;
  const due = card.recallDueAt !== null || card.state.kind === 'recalling';
  if (!due || card.state.kind === 'retrieving') return null;
  return (
    <button
      type="button"
      className="button button-quiet card-snooze"
      data-snooze={key}
      aria-disabled={frozen}
      aria-label={say('park.snoozeWho', { who: callerTitle(card, say) })}
      title={say('park.snoozeHint')}
    >
      <AlarmClock aria-hidden className="icon icon-small" />
      {say('park.snooze')}
    </button>
  );
}

function RetrieveButton({ placed, pending }: Pick<ParkCardProps, 'placed' | 'pending'>) {
  const say = useSay();
  const { key, card, frozen } = placed;
  const busy = pending === 'this' || card.state.kind === 'retrieving';
  const off =
    frozen || pending !== null || card.state.kind === 'retrieving' || card.retrieveTarget === null;
  return (
    <button
      type="button"
      className="button button-accent card-retrieve"
      data-retrieve={key}
      aria-disabled={off}
      aria-label={say(busy ? 'park.retrievingWho' : 'park.retrieveWho', {
        who: callerTitle(card, say),
      })}
    >
      {busy ? say('park.retrieving') : say('park.retrieve')}
    </button>
  );
}
