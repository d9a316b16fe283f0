/** A server gone wrong, or somebody in its place: the window stays usable, the list honest, and nothing of it is more than text. */
import { expect, test } from '@playwright/test';
import { parkIdOf, type ParkedSketch } from '../../fakes/park-documents.ts';
import { BrowserPhone } from '../kit/browser-phone.ts';
import { HostileServer, type Mood } from '../kit/hostile-server.ts';
import {
  cutAndBack,
  endsItsCall,
  fiveThousandAreParked,
  HOSTILE_CLIENT,
  isUsable,
  listIsUnknown,
  oneCallIsParked,
  onlyOneIsLeft,
  PATIENT_MS,
  serverFallsSilent,
  talks,
  takesKeysWithFiveThousand,
  type HostileScene,
} from '../kit/hostile-steps.ts';
import { ownComplaints } from '../kit/page-watch.ts';
import { openPageSite, type PageSite } from '../kit/page-site.ts';
import { layoutProblems } from '../screens/layout-problems.ts';

// A trace draws thousands of cards before and after each step, which takes longer than the page itself.
test.use({ trace: 'off' });

let server: HostileServer;
let site: PageSite;
let phone: BrowserPhone;
let scene: HostileScene;

test.beforeAll(async () => {
  server = await HostileServer.start();
  site = await openPageSite(server.origins);
  phone = await BrowserPhone.open(site.url, { voice: '101', name: "101's phone" });
  // Somebody else's on this machine.
  await phone.page.evaluate(() => localStorage.setItem('parkline:history:999@other', '"mine"'));
  await phone.typeSignIn({ server: server.address, extension: '101', password: 'x' });
  await phone.ready();
  scene = { phone, server };
});
test.beforeEach(() => oneCallIsParked(scene));
test.afterEach(async () => {
  server.repent();
  server.parked = [];
  // A new connection is a new beginning.
  await cutAndBack(scene);
  await phone.showsNothingParked();
  await isUsable(phone);
  expect(ownComplaints(phone.complaints)).toEqual([]);
  expect(await phone.page.evaluate(() => Reflect.get(window, 'hacked'))).toBeUndefined();
});
test.afterAll(async () => {
  const others = await phone?.page.evaluate(() =>
    localStorage.getItem('parkline:history:999@other'),
  );
  expect(others, 'what is another account’s').toBe('"mine"');
  await phone?.close();
  await site?.close();
  await server?.close();
});

const isUnknown = () => listIsUnknown(phone);

test('names, numbers and notes are text of one line that stays in its box', async () => {
  const words = [
    '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>',
    '\u202eecilA \u2066\u2067Bob\u2069',
    `Zal${'\u0335\u0348\u0360'.repeat(200)}go`,
    'A'.repeat(100_000),
    `${'very long words '.repeat(50)}`,
    '\u200b\u200d\u2800',
    'two\r\nlines\u0000\u0007',
    "'); DROP TABLE calls; --",
    '{who, plural, other {#}} <b>{x}</b>',
  ];
  const sketches = words.map((name, n): ParkedSketch => ({
    id: parkIdOf(n + 10),
    name,
    number: n % 2 === 0 ? '9'.repeat(500) : '0049301234567',
    slot: '101',
    parker: '102',
    parkerName: name,
    note: name,
    recallTo: 'parker-then-ring-group',
    recallGroup: name,
    ...(n % 3 === 0 ? { group: name } : {}),
  }));
  server.tellAll(sketches);
  await expect(phone.waitingCards).toHaveCount(words.length);
  expect(await phone.cards.locator('img, script, b').count()).toBe(0);
  for (const text of await phone.cards.locator('.card-title, .card-note').allInnerTexts()) {
    expect([...text].length, text.slice(0, 40)).toBeLessThanOrEqual(201);
    expect(text).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u200b]/u);
  }
  for (const width of [420, 360]) {
    await phone.page.setViewportSize({ width, height: 860 });
    expect(await phone.page.evaluate(layoutProblems), `at ${width} px`).toEqual([]);
  }
  await phone.page.setViewportSize({ width: 420, height: 860 });
});

test('a caller with such a name is shown, and can be declined', async () => {
  const name = '\u202e<b>x</b>' + 'W'.repeat(20_000);
  server.ring(`"${name}" <sip:${'8'.repeat(300)}@pbx.test>`);
  await expect(phone.incoming).toBeVisible();
  await expect(phone.incoming).toContainText('<b>x</b>');
  expect(await phone.page.evaluate(layoutProblems)).toEqual([]);
  await phone.incoming.getByRole('button', { name: 'Decline' }).click();
  await phone.isIdle();
  await expect
    .poll(() => server.answers.join('\n'))
    .toMatch(/^SIP\/2\.0 (?:603|480|486) .*INVITE/m);
});

const entity = Array.from({ length: 9 }, (_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`);
const UNREADABLE: readonly (readonly [what: string, body: string, type?: string])[] = [
  [
    'an XML bomb',
    `<!DOCTYPE x [<!ENTITY e0 "ha">${entity.join('')}]><dialog-info>&e9;</dialog-info>`,
  ],
  [
    'half a document',
    '<?xml version="1.0"?><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info"',
  ],
  ['another document', '<presence xmlns="urn:ietf:params:xml:ns:pidf"/>', 'application/pidf+xml'],
  ['a web page', '<html><body onload="window.hacked=1">Log in</body></html>', 'text/html'],
  ['elements without end', '<a>'.repeat(200_000)],
  ['a document of ten megabytes', `<dialog-info>${' '.repeat(10_000_000)}`],
  ['bytes', '\u0001\u0002\u0003'],
];

for (const [what, body, type] of UNREADABLE) {
  test(`${what} makes the list unknown, not empty, and the next good word makes it right`, async () => {
    server.moods.set('SUBSCRIBE', 'silent');
    server.notify(body, type);
    await isUnknown();
    await expect(phone.waitingCards, 'what was known stands, greyed').toHaveCount(1);
    await expect(phone.parkList).toContainText(/Last synced/);
  });
}

test('versions that go backwards and missing ones make it unknown', async () => {
  server.moods.set('SUBSCRIBE', 'silent');
  server.notify(
    '<?xml version="1.0"?><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="0" state="full" entity="sip:*88@pbx.test"/>',
  );
  await isUnknown();
  await expect(phone.waitingCards).toHaveCount(1);
});

test('a server that only ever says nonsense is asked less and less often', async () => {
  const before = server.requests.length;
  for (let n = 0; n < 20; n += 1) {
    server.notify('nonsense');
    await phone.page.waitForTimeout(100);
  }
  await isUnknown();
  const asked = server.requests.slice(before).filter((line) => line.startsWith('SUBSCRIBE'));
  // Each time: the old one ended, a new one begun.
  expect(asked.length).toBeLessThanOrEqual(6);
});

test('duplicate ids are one card, a full state that shrinks takes cards away, and strangers’ words change nothing', async () => {
  const twin = { ...HOSTILE_CLIENT, id: parkIdOf(2), name: 'Twin' };
  server.tellAll([
    HOSTILE_CLIENT,
    twin,
    { ...twin, note: 'again' },
    { ...twin, note: 'and again' },
  ]);
  await expect(phone.waitingCards).toHaveCount(2);
  server.tellAll([twin]);
  await expect(phone.waitingCards).toHaveCount(1);
  await expect(phone.waitingCards).toContainText('Twin');
  server.notifyStranger('<dialog-info/>');
  await expect.poll(() => server.answers.join('\n')).toMatch(/^SIP\/2\.0 .*NOTIFY/m);
  await expect(phone.waitingCards).toHaveCount(1);
  await expect(phone.parkList).toHaveAttribute('data-mood', 'parked');
});

test('five thousand parked calls are counted and listed, and keys are still taken at once', async () => {
  test.setTimeout(180_000);
  await fiveThousandAreParked(scene);
  await takesKeysWithFiveThousand(scene);
  const more = phone.page.getByRole('button', { name: /^Show 500 more/ });
  await expect(more).toContainText('4,501');
  await more.focus();
  await phone.page.keyboard.press('Enter');
  await expect(phone.waitingCards).toHaveCount(1_000);
  expect(await phone.page.evaluate(layoutProblems)).toEqual([]);
  await onlyOneIsLeft(scene);
});

test.describe('a server that stops answering', () => {
  test('a call: it is called off as any other', async () => {
    server.moods.set('INVITE', 'silent');
    await phone.dial('103');
    await expect(phone.call).toBeVisible();
    await phone.call.getByRole('button', { name: 'Cancel call' }).click();
    await phone.isIdle();
  });

  test('a park: the call is kept, and the user is told that nobody knows', async () => {
    await talks(scene);
    server.moods.set('REFER', 'silent');
    await phone.park();
    await expect(phone.notices).toContainText('No word from the server about the park', {
      timeout: PATIENT_MS,
    });
    await phone.isTalking();
    await phone.hangUp();
  });

  test('the end of a call: it is over all the same', async () => {
    await talks(scene);
    server.moods.set('BYE', 'silent');
    await phone.hangUp();
  });

  test('everything, while the network claims to be there: the line and the list say so within seconds', async () => {
    await talks(scene);
    await serverFallsSilent(scene);
    await endsItsCall(scene);
  });
});

/** A call that came to nothing is over by itself, sooner or later than somebody presses. */
async function endIfItStillIs(): Promise<void> {
  const end = phone.page.getByRole('button', { name: /^(?:Hang up|Cancel call)$/ }).first();
  await end.click({ timeout: 2_000 }).catch(() => undefined);
}

for (const mood of ['garbage', 'close'] satisfies Mood[]) {
  test(`${mood} at every step does no more than being refused`, async () => {
    test.setTimeout(180_000);
    for (const method of ['SUBSCRIBE', 'INVITE', 'REFER', 'BYE', 'REGISTER']) {
      if (method === 'REFER' || method === 'BYE') {
        await phone.ready();
        await phone.dial('103');
        await phone.isTalking();
      }
      server.moods.set(method, mood);
      if (method === 'SUBSCRIBE') server.notify('nonsense');
      if (method === 'INVITE') await phone.dial('103');
      if (method === 'REFER') await phone.park();
      if (method === 'REGISTER') server.cut();
      if (method !== 'REGISTER' && method !== 'SUBSCRIBE') await endIfItStillIs();
      await phone.isIdle();
      await isUsable(phone, method);
      server.repent();
      if (mood === 'garbage') await cutAndBack(scene);
      else await phone.ready();
    }
  });
}

test('HTTP that gives pages, nonsense or nothing leaves calls and the list alone', async () => {
  for (const mood of ['html', 'not-json', 'hang'] as const) {
    server.http = mood;
    await cutAndBack(scene);
    await expect(phone.waitingCards).toHaveCount(1);
    await phone.page.getByRole('tab', { name: /Contacts/ }).click();
    await isUsable(phone, mood);
  }
  await phone.dial('103');
  await phone.isTalking();
  await phone.hangUp();
});
