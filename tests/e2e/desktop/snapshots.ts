import type { ParkedSummary, PhoneSnapshot } from '../../../shared/bridge/snapshot.ts';

export const clientParked: ParkedSummary = {
  parkId: 'abcdefghijklmnopqrstuvwxyz',
  callerName: 'Client',
  callerNumber: '003386002678',
  slot: '102',
  parkedAt: 1_700_000_000_000,
  state: 'parked',
};

/** Later than anything the page itself says in a test. */
let sequence = 1_000_000;

/** What the phone would publish with these calls parked. */
export const snapshotWith = (
  parked: readonly ParkedSummary[],
  more: Partial<PhoneSnapshot> = {},
): PhoneSnapshot => ({
  sequence: sequence++,
  accountKey: '102@parkline.test',
  extension: '102',
  registration: 'registered',
  parkList: 'live',
  waiting: parked.length,
  parked,
  calls: [],
  muted: false,
  alerts: [],
  look: { language: 'en-US', direction: 'ltr', theme: 'light' },
  labels: {
    show: 'Show Parkline',
    quit: 'Quit',
    answer: 'Answer',
    hangUp: 'Hang up',
    mute: 'Mute',
    unmute: 'Unmute',
    retrieveOldest: 'Retrieve the oldest',
    nothingParked: 'Nothing is parked',
    status: `Parkline · 102 · ${parked.length} parked`,
    hiddenToTray: 'Parkline goes on in the tray',
    decline: 'Decline',
    retrieve: 'Retrieve',
    hide: 'Hide',
    alerts: 'Calls for you',
    windowDown: 'Parkline is starting again',
    crashedOften: 'The window of Parkline has crashed several times',
    startAgain: 'Start again',
  },
  ...more,
});
