import type { CertificateReport } from './server-certificate.ts';

/** What a phone learns at `/.well-known/parkline` before it signs in (WIRE §10b). */
export interface ServerDescription {
  readonly webSocketUrl: string;
  readonly domain: string;
  readonly displayName: string;
  readonly apiVersion: string;
  /** Oldest version of the app that the server serves with its own HTTP, plain SIP always works; `null`: every one. */
  readonly oldestAppVersion: string | null;
  /** Origin of the user's own HTTP, without a slash at its end, e.g. `https://pbx.example`. */
  readonly apiBaseUrl: string;
  readonly hasIceServers: boolean;
  /** The server is a demonstration: its demo caller may be asked to ring. */
  readonly demo: boolean;
}

export type DiscoveryFailure =
  | 'bad-address'
  | 'no-such-host'
  | 'refused'
  | 'timeout'
  | 'certificate'
  | 'not-parkline'
  | 'network';

export type Discovery =
  | { readonly kind: 'found'; readonly server: ServerDescription }
  | {
      readonly kind: 'failed';
      readonly reason: DiscoveryFailure;
      /** For the diagnostics page. */ readonly detail: string;
      /** With the reason `certificate`, where it could be looked at: never in a browser, which tells nobody. */
      readonly certificate?: CertificateReport | null;
    };
