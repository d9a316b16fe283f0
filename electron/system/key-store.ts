import { z } from 'zod';
import type { SecretStore, StoreOutcome } from '../../shared/bridge/contract.ts';
import type { JsonFile } from './json-file.ts';

/** The part of Electron's `safeStorage` that is used; `getSelectedStorageBackend` is there on Linux only. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Buffer;
  decryptString(sealed: Buffer): string;
  getSelectedStorageBackend?(): string;
}

const secret = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sealed'), data: z.string() }),
  z.object({ kind: z.literal('plain'), password: z.string() }),
]);

export const secretsSchema = z.record(z.string(), secret);
export type Secrets = z.infer<typeof secretsSchema>;

/** What `safeStorage` calls a store that is none: the "key" is a constant in Chromium's source. */
const NO_STORE = new Set(['basic_text', 'unknown']);

const backendNames: Readonly<Record<string, string>> = {
  gnome_libsecret: 'GNOME Keyring',
  kwallet: 'KWallet',
  kwallet5: 'KWallet',
  kwallet6: 'KWallet',
  darwin: 'Keychain',
  win32: 'Windows Data Protection',
};

/** Passwords by account, sealed by the desktop's key store; in plain text only when the user asked for that. */
export class KeyStore {
  readonly #safeStorage: SafeStorage;
  readonly #file: JsonFile<Secrets>;
  readonly #platform: string;

  constructor(options: {
    readonly safeStorage: SafeStorage;
    readonly file: JsonFile<Secrets>;
    readonly platform: string;
  }) {
    this.#safeStorage = options.safeStorage;
    this.#file = options.file;
    this.#platform = options.platform;
  }

  state(): SecretStore {
    const backend = this.#safeStorage.getSelectedStorageBackend?.() ?? this.#platform;
    if (NO_STORE.has(backend)) return { kind: 'unavailable', reason: 'no-key-store' };
    if (!this.#safeStorage.isEncryptionAvailable())
      return { kind: 'unavailable', reason: 'locked' };
    return { kind: 'available', backend: backendNames[backend] ?? backend };
  }

  /** `null` when nothing is stored, or when the store that sealed it is not to be had now. */
  read(accountKey: string): string | null {
    const entry = this.#file.read()[accountKey];
    if (entry === undefined) return null;
    if (entry.kind === 'plain') return entry.password;
    if (this.state().kind === 'unavailable') return null;
    try {
      return this.#safeStorage.decryptString(Buffer.from(entry.data, 'base64'));
    } catch {
      return null;
    }
  }

  store(request: {
    readonly accountKey: string;
    readonly password: string;
    readonly allowPlainText: boolean;
  }): StoreOutcome {
    const state = this.state();
    const { accountKey, password } = request;
    if (state.kind === 'unavailable' && !request.allowPlainText) {
      return { kind: 'refused', reason: state.reason };
    }
    try {
      const entry =
        state.kind === 'available'
          ? ({ kind: 'sealed', data: this.#seal(password) } as const)
          : ({ kind: 'plain', password } as const);
      this.#file.write({ ...this.#file.read(), [accountKey]: entry });
      return { kind: 'stored' };
    } catch {
      return { kind: 'refused', reason: 'failed' };
    }
  }

  forget(accountKey: string): void {
    const kept = Object.entries(this.#file.read()).filter(([key]) => key !== accountKey);
    this.#file.write(Object.fromEntries(kept));
  }

  #seal(password: string): string {
    return this.#safeStorage.encryptString(password).toString('base64');
  }
}
