import type { DesktopBridge, DesktopProfile } from '../../../../shared/bridge/contract.ts';

export const GALLERY_PROFILE: DesktopProfile = {
  name: 'default',
  appVersion: '1.4.0',
  electronVersion: '33.2.1',
  platform: 'linux',
  locale: 'en-US',
  microphone: 'device',
  hasTray: true,
  notificationButtons: false,
};

const NOTES = `Parked calls of all groups stand in one list.
• One press retrieves, from the notification too.
• Fixes for headsets that come and go.`;

/** What the screens show of a desktop. */
const answers: Partial<DesktopBridge> = {
  profile: () => Promise.resolve(GALLERY_PROFILE),
  secretStore: () => Promise.resolve({ kind: 'available', backend: 'GNOME Keyring' }),
  updateState: () => Promise.resolve({ kind: 'offered', version: '1.5.0', notes: NOTES }),
  setShortcuts: () =>
    Promise.resolve({
      answer: { kind: 'off' },
      'hang-up': { kind: 'taken' },
      'toggle-mute': { kind: 'uncertain' },
      'retrieve-oldest': { kind: 'registered' },
    }),
  loginItem: () => Promise.resolve({ supported: true, startAtLogin: true, startMinimised: false }),
  linkChoice: () => Promise.resolve({ supported: true, calls: true, signIn: false }),
  trustedCertificates: () =>
    Promise.resolve([
      {
        server: 'pbx.example:8443',
        subject: 'pbx.example',
        issuer: 'pbx.example',
        names: ['pbx.example'],
        sha256: '3f1c9a60b2d44e7781aa5b0c6de9f2147c38e5590b1d42fa6e7788c90d1a2b3c',
        validFrom: Date.UTC(2026, 0, 1),
        validUntil: Date.UTC(2027, 0, 1),
        trustedAt: Date.UTC(2026, 2, 3),
      },
    ]),
  onEvent: () => () => {},
};

/** A desktop of the app's that answers what screens ask, and nothing to all else. */
export const galleryDesktop = new Proxy<DesktopBridge>(Object.create(null), {
  get: (_target, name) => Reflect.get(answers, name) ?? (() => Promise.resolve(null)),
});
