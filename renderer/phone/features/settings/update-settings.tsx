import { useEffect, useState } from 'react';
import type { DesktopBridge } from '../../../../shared/bridge/contract.ts';
import type { UpdateState } from '../../../../shared/bridge/update.ts';
import { assertNever } from '../../../../shared/domain/assert-never.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { useSession } from '../../session-context.tsx';
import { useSay, type Say } from '../../text.tsx';

/** New versions, from the account's own server: told, fetched and installed only by a press. */
export function UpdateSettings({ desktop }: { readonly desktop: DesktopBridge }) {
  const say = useSay();
  const version = useSession().world.profile?.appVersion ?? '';
  const [state, setState] = useState<UpdateState>({ kind: 'not-here' });
  useEffect(() => {
    void desktop.updateState().then(setState);
    return desktop.onEvent((event) => event.kind === 'update' && setState(event.state));
  }, [desktop]);
  return (
    <section className="group" aria-labelledby="settings-update">
      <h3 id="settings-update">{say('settings.update')}</h3>
      <p className="field-hint" role="status">
        {stateWords(state, version, say)}
      </p>
      {(state.kind === 'offered' || state.kind === 'ready') && state.notes !== '' ? (
        <div
          className="update-notes"
          role="region"
          aria-label={say('settings.update.notes')}
          // Long notes are scrolled by keyboard too.
          tabIndex={0}
          dir="auto"
        >
          {state.notes}
        </div>
      ) : null}
      <UpdateButton state={state} desktop={desktop} />
    </section>
  );
}

function UpdateButton({
  state,
  desktop,
}: {
  readonly state: UpdateState;
  readonly desktop: DesktopBridge;
}) {
  const say = useSay();
  switch (state.kind) {
    case 'not-here':
    case 'checking':
    case 'fetching':
      return null;
    case 'idle':
    case 'up-to-date':
    case 'failed':
      return (
        <ActionButton onPress={() => void desktop.checkForUpdate()}>
          {say('settings.update.check')}
        </ActionButton>
      );
    case 'offered':
      return (
        <ActionButton tone="accent" onPress={() => void desktop.fetchUpdate()}>
          {say('settings.update.fetch')}
        </ActionButton>
      );
    case 'ready':
      return (
        <ActionButton tone="accent" onPress={() => void desktop.installUpdate()}>
          {say('settings.update.install')}
        </ActionButton>
      );
    default:
      return assertNever(state);
  }
}

function stateWords(state: UpdateState, version: string, say: Say): string {
  switch (state.kind) {
    case 'not-here':
      return say('settings.update.notHere', { version });
    case 'idle':
      return say('settings.update.idle', { version });
    case 'checking':
      return say('settings.update.checking');
    case 'up-to-date':
      return say('settings.update.upToDate', { version });
    case 'offered':
      return say('settings.update.offered', { version: state.version });
    case 'fetching':
      return say('settings.update.fetching', { version: state.version, percent: state.percent });
    case 'ready':
      return say('settings.update.ready', { version: state.version });
    case 'failed':
      return say(`settings.update.failed.${state.problem}`);
    default:
      return assertNever(state);
  }
}
