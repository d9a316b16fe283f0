import { Grid3x3, MicOff, Pause, PhoneForwarded, PhoneOff, Undo2 } from 'lucide-react';
import { useCallback, useState } from 'react';
import { liveCalls } from '../../../../shared/phone/call-list.ts';
import type { Call } from '../../../../shared/phone/call.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { Avatar } from '../../../controls/avatar.tsx';
import { Ticking } from '../../../controls/ticker.tsx';
import { ToggleTile } from '../../../controls/toggle-tile.tsx';
import { showElapsed } from '../../elapsed.ts';
import { partyTitle, showNumber } from '../../number.ts';
import { usePhone, usePhoneState } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { AccountMarkLabel } from '../accounts/account-mark.tsx';
import { nameOf } from '../park/card-words.ts';
import { ParkButton } from '../park/park-button.tsx';
import { CallQualityLine } from './call-quality-line.tsx';
import { callStateWords } from './call-words.ts';
import { ConferenceActions, WithOther } from './conference-actions.tsx';
import { Keypad } from './keypad.tsx';
import { TransferSheet } from './transfer-sheet.tsx';

/** The call on the screen, with everything that can be done to it. */
export function ActiveCall({ call }: { readonly call: Call }) {
  const say = useSay();
  const phone = usePhone();
  const [keypad, setKeypad] = useState(false);
  const [transferring, setTransferring] = useState(false);
  const talking = call.answeredAt !== null && call.state.kind !== 'ended';
  return (
    <article
      className="active"
      tabIndex={-1}
      data-call-id={call.id}
      data-state={call.state.kind}
      aria-label={say('call.with', { who: partyTitle(call.party, say('party.anonymous')) })}
    >
      <CallHead call={call} />
      {talking ? (
        <CallTiles
          call={call}
          keypad={keypad}
          onKeypad={setKeypad}
          onTransfer={() => setTransferring(true)}
        />
      ) : null}
      {talking && keypad ? <Keypad onKey={(digit) => phone.digit(call.id, digit)} /> : null}
      {talking ? <CallActions call={call} /> : null}
      {call.state.kind === 'ended' ? null : (
        <div className="active-end">
          <ActionButton
            icon={PhoneOff}
            tone="danger"
            className="hang-up"
            onPress={() => phone.call({ kind: 'hang-up', call: call.id })}
          >
            {talking ? say('call.hangUp') : say('call.cancel')}
          </ActionButton>
        </div>
      )}
      {talking ? <CallQualityLine callId={call.id} /> : null}
      <TransferSheet
        call={call}
        isOpen={transferring && talking}
        onClose={() => setTransferring(false)}
      />
    </article>
  );
}

function CallHead({ call }: { readonly call: Call }) {
  const say = useSay();
  const server = usePhoneState((state) => state.server);
  const lasted = useCallback(
    (now: number) => (call.answeredAt === null ? '' : showElapsed(now - call.answeredAt)),
    [call.answeredAt],
  );
  return (
    <header className="call-who">
      <Avatar party={call.party} />
      <div className="card-names">
        <p className="call-name" data-testid="call-name">
          <bdi>{partyTitle(call.party, say('party.anonymous'))}</bdi>
        </p>
        <p className="call-number">
          <bdi>{call.party.name === null ? '' : showNumber(call.party.number)}</bdi>
        </p>
        <p className="call-state">
          {callStateWords(call, say, nameOf({ server }))}
          {call.answeredAt === null || call.state.kind === 'ended' ? null : (
            <Ticking text={lasted} className="call-time" />
          )}
          <AccountMarkLabel account={call.account} />
          {call.recall === null ? null : (
            <span className="mark mark-recall">
              {say('call.recallMark', { slot: call.recall.slot ?? '' })}
            </span>
          )}
        </p>
      </div>
    </header>
  );
}

interface CallTilesProps {
  readonly call: Call;
  readonly keypad: boolean;
  onKeypad(open: boolean): void;
  onTransfer(): void;
}

function CallTiles({ call, keypad, onKeypad, onTransfer }: CallTilesProps) {
  const say = useSay();
  const phone = usePhone();
  const { kind } = call.state;
  const held = kind === 'held' || kind === 'holding' || kind === 'resuming';
  const steady = kind === 'active' || kind === 'held';
  return (
    <div className="tiles">
      <ToggleTile
        icon={MicOff}
        label={say('call.mute')}
        isSelected={call.microphone === 'muted'}
        onChange={(muted) => phone.call({ kind: muted ? 'mute' : 'unmute', call: call.id })}
      />
      <ToggleTile
        icon={Pause}
        label={say('call.hold')}
        isSelected={held}
        isDisabled={!steady}
        onChange={(hold) => phone.call({ kind: hold ? 'hold' : 'resume', call: call.id })}
      />
      <ToggleTile
        icon={Grid3x3}
        label={say('call.keypad')}
        isSelected={keypad}
        onChange={onKeypad}
      />
      <ActionButton
        icon={PhoneForwarded}
        className="tile"
        isDisabled={!steady}
        onPress={onTransfer}
      >
        {say('call.transfer')}
      </ActionButton>
    </div>
  );
}

function CallActions({ call }: { readonly call: Call }) {
  const say = useSay();
  const phone = usePhone();
  const putBack = usePhoneState((state) =>
    state.putBack?.callId === call.id ? state.putBack : null,
  );
  const others = usePhoneState((state) => state.calls);
  const other = liveCalls(others).find((each) => each.id !== call.id && each.state.kind === 'held');
  return (
    <div className="active-actions">
      <ParkButton call={call} />
      {putBack === null ? null : (
        <ActionButton icon={Undo2} onPress={() => phone.putBack()}>
          {say('park.putBack', { slot: putBack.slot })}
        </ActionButton>
      )}
      {other === undefined || call.state.kind !== 'active' || call.company !== 'alone' ? null : (
        <WithOther call={call} other={other} />
      )}
      {call.company === 'conference' ? <ConferenceActions call={call} /> : null}
    </div>
  );
}
