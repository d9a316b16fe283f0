import { createContext, useContext } from 'react';

/** What a signed-in screen may ask of the app around it. */
export interface AppActions {
  signOut(): void;
  /** Text for the dialler from a link; never dialled by itself. */
  readonly prefill: string | null;
  takePrefill(): void;
  readonly quitAsked: boolean;
  answerQuit(quit: boolean): void;
}

export const AppActionsContext = createContext<AppActions>({
  signOut: () => {},
  prefill: null,
  takePrefill: () => {},
  quitAsked: false,
  answerQuit: () => {},
});

export function useAppActions(): AppActions {
  return useContext(AppActionsContext);
}
