import { createContext, useContext } from 'react';
import type { App } from './model/app.ts';
import type { QuitReason } from '../../shared/bridge/contract.ts';

/** What would end the calls that are going on. */
export type EndReason = QuitReason | 'sign-out';

export type AccountActions = Pick<
  App,
  | 'state'
  | 'addAccount'
  | 'changeSignIn'
  | 'stopAdding'
  | 'signIn'
  | 'check'
  | 'trust'
  | 'enable'
  | 'disable'
  | 'dialFrom'
  | 'edit'
  | 'removeAccount'
>;

/** What a signed-in screen may ask of the app around it. */
export interface AppActions {
  /** Signs this account out, or asks first while it is talking. */
  signOut(account: string): void;
  /** The accounts of this machine; `null` where there are none to be managed. */
  readonly accounts: AccountActions | null;
  /** Text for the dialler from a link; never dialled by itself. */
  readonly prefill: string | null;
  takePrefill(): void;
  /** Why the user is asked during a call; `null`: nobody asks. */
  readonly quitAsked: EndReason | null;
  answerQuit(quit: boolean): void;
}

export const AppActionsContext = createContext<AppActions>({
  signOut: () => {},
  accounts: null,
  prefill: null,
  takePrefill: () => {},
  quitAsked: null,
  answerQuit: () => {},
});

export function useAppActions(): AppActions {
  return useContext(AppActionsContext);
}
