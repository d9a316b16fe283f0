import { ActionButton } from '../../../controls/action-button.tsx';
import { Sheet } from '../../../controls/sheet.tsx';
import { useAppActions } from '../../app-actions.tsx';
import { SessionProvider, usePhone, usePhoneState, useSessions } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { callerTitle } from '../park/card-words.ts';

/** Only when the user has asked to be asked. */
export function AskBeforeHold() {
  return useSessions().map((session) => (
    <SessionProvider key={session.account.key} session={session}>
      <AskBeforeHoldFor />
    </SessionProvider>
  ));
}

function AskBeforeHoldFor() {
  const say = useSay();
  const phone = usePhone();
  const askingFor = usePhoneState((state) => state.askingFor);
  const card = usePhoneState((state) => state.board.cards.find(({ id }) => id === state.askingFor));
  return (
    <Sheet
      title={say('ask.hold.title')}
      isOpen={askingFor !== null}
      onClose={() => phone.cancelAsking()}
      role="alertdialog"
    >
      <p>{say('ask.hold.words', { who: card === undefined ? '' : callerTitle(card, say) })}</p>
      <div className="form-actions">
        <ActionButton onPress={() => phone.cancelAsking()}>{say('common.cancel')}</ActionButton>
        <ActionButton
          tone="accent"
          autoFocus
          onPress={() => askingFor !== null && phone.retrieve(askingFor, true)}
        >
          {say('ask.hold.yes')}
        </ActionButton>
      </div>
    </Sheet>
  );
}

export function AskBeforeQuit() {
  const say = useSay();
  const { quitAsked, answerQuit } = useAppActions();
  const why = quitAsked ?? 'quit';
  return (
    <Sheet
      title={say(`ask.${why}.title`)}
      isOpen={quitAsked !== null}
      onClose={() => answerQuit(false)}
      role="alertdialog"
    >
      <p>{say('ask.quit.words')}</p>
      <div className="form-actions">
        <ActionButton autoFocus onPress={() => answerQuit(false)}>
          {say('ask.quit.stay')}
        </ActionButton>
        <ActionButton tone="danger" onPress={() => answerQuit(true)}>
          {say(`ask.${why}.leave`)}
        </ActionButton>
      </div>
    </Sheet>
  );
}
