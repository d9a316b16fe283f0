import { browserUrl } from './demo-server.ts';
import type { DemoServer } from './demo-server.ts';
import type { DesktopCheck } from './desktop-check.ts';

/** The one line that makes the demo caller ring, from any other terminal. */
export const RING_COMMAND = 'npm run -s parkline -- demo call 101';

/** What a newcomer reads when everything is up. */
export function readyText(server: DemoServer, desktop: DesktopCheck, keys: boolean): string {
  return [
    '',
    `Server:   ${server.url}   SIP on udp 127.0.0.1:${server.sipPort}, log in ${server.logFile}`,
    ...phonesText(server, desktop),
    `Portal:   ${server.portal}`,
    '          (for the admin: users, settings, calls parked now, and the Call Park group of 101, 102 and 103)',
    '',
    'Try it:   1. Let the client ring 101:',
    `             ${keys ? 'press c here, or in another terminal: ' : ''}${RING_COMMAND}`,
    '          2. Answer on 101 and press Park, "Park on Alice, 102".',
    '          3. 102 shows who waits, and where. Press Retrieve there: you hear the client.',
    '          4. Or press Park, "Park to my group", or transfer to *58: 102 and 103 are alerted.',
    '',
    keys
      ? 'Keys:     c call 101   h hang the client up   b browser addresses   q quit'
      : 'Ctrl-C stops everything.',
    '',
  ].join('\n');
}

function phonesText(server: DemoServer, desktop: DesktopCheck): string[] {
  if (desktop.kind === 'ready') {
    return [
      'Phones:   two windows, signed in as 101 (Bob) and 102 (Alice; sends a tone instead of a microphone)',
      `Browser:  103 (Carol)  ${browserOf(server, '103')}`,
    ];
  }
  return [
    `No desktop windows: ${desktop.reason}.`,
    `To mend that:      ${desktop.mend}`,
    'Meanwhile, open these in a browser, each in a window (or profile) of its own:',
    ...browserAddresses(server),
  ];
}

/** One line per demo user. */
export const browserAddresses = (server: DemoServer): string[] =>
  server.users.map((user) => `  ${user.extension} (${user.name})  ${browserUrl(server, user)}`);

function browserOf(server: DemoServer, extension: string): string {
  const user = server.users.find((candidate) => candidate.extension === extension);
  return user === undefined ? server.url : browserUrl(server, user);
}
