import { Component, type ReactNode } from 'react';
import { ActionButton } from '../../../controls/action-button.tsx';
import type { Session } from '../../model/session.ts';
import { useSay } from '../../text.tsx';
import { saveReport } from '../diagnostics/diagnostics.tsx';

interface MendingProps {
  readonly session: Session;
  readonly children: ReactNode;
}

type MendingState = { readonly kind: 'whole' } | { readonly kind: 'broken' };

/** The screen may break; calls, line and park list are not on the screen and go on. Says so, and draws it anew on a press. */
export class Mending extends Component<MendingProps, MendingState> {
  override state: MendingState = { kind: 'whole' };

  static getDerivedStateFromError(): MendingState {
    return { kind: 'broken' };
  }

  override componentDidCatch(error: unknown): void {
    this.props.session.log.add(
      `screen: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }

  override render(): ReactNode {
    if (this.state.kind === 'whole') return this.props.children;
    return <Broken session={this.props.session} onAgain={() => this.setState({ kind: 'whole' })} />;
  }
}

function Broken({ session, onAgain }: { readonly session: Session; onAgain(): void }) {
  const say = useSay();
  return (
    <main className="sign-in" role="alert">
      <div className="sign-in-head">
        <span className="logo" aria-hidden />
        <h1>{say('broken.title')}</h1>
        <p>{say('broken.words')}</p>
      </div>
      <div className="form-actions">
        <ActionButton onPress={() => saveReport([session], 'kept')}>
          {say('diagnostics.save')}
        </ActionButton>
        <ActionButton tone="accent" autoFocus onPress={onAgain}>
          {say('broken.again')}
        </ActionButton>
      </div>
    </main>
  );
}
