import { z } from 'zod';
import type { DesktopBridge, SecretStore } from '../../../shared/bridge/contract.ts';
import type { Keeper } from './keeper.ts';

/** Where a password may stay. Never in plain text unless the user has said so. */
export interface PasswordKeeper {
  store(): Promise<SecretStore>;
  read(accountKey: string): Promise<string | null>;
  /** @returns false when it was not kept */
  write(accountKey: string, password: string, allowPlainText: boolean): Promise<boolean>;
  forget(accountKey: string): Promise<void>;
}

export function desktopPasswords(bridge: DesktopBridge): PasswordKeeper {
  return {
    store: () => bridge.secretStore(),
    read: (accountKey) => bridge.readPassword(accountKey),
    write: async (accountKey, password, allowPlainText) =>
      (await bridge.storePassword({ accountKey, password, allowPlainText })).kind === 'stored',
    forget: (accountKey) => bridge.forgetPassword(accountKey),
  };
}

/** A browser has no key store: local storage, and only when the box beside the password was ticked. */
export function browserPasswords(keeper: Keeper): PasswordKeeper {
  const name = (accountKey: string) => `password:${accountKey}`;
  return {
    store: async () => ({ kind: 'unavailable', reason: 'no-key-store' }),
    read: async (accountKey) => keeper.read(name(accountKey), z.string()),
    write: async (accountKey, password, allowPlainText) => {
      if (allowPlainText) keeper.write(name(accountKey), password);
      return allowPlainText;
    },
    forget: async (accountKey) => keeper.remove(name(accountKey)),
  };
}
