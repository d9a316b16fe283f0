import { ACCOUNT_SCENES } from './account-scenes.ts';
import { epochMs } from '../../../../shared/domain/ids.ts';
import { parkIdOf, type ParkedSketch } from '../../../fakes/park-documents.ts';
import { SIGN_IN_SCENES } from './sign-in-scenes.ts';
import type { Stagehand } from './stagehand.ts';

const CLIENT = { name: 'Client', number: '003386002678' };
const LONG = {
  name: 'Dr. Maximiliane von Hohenstaufen-Wittelsbach, Buchhaltung Außenstelle Süd',
  number: '+4930901820',
};
export const THREE: readonly ParkedSketch[] = [
  { id: parkIdOf(1), ...CLIENT, waited: 75, note: 'wants invoice 4711' },
  {
    id: parkIdOf(2),
    ...LONG,
    group: 'Support',
    slot: '104',
    waited: 31,
    parkerName: 'Carol Cartwright',
    recallTo: 'parker-then-ring-group',
    recallGroup: 'Support evenings',
  },
  {
    id: parkIdOf(3),
    name: '',
    number: '102',
    slot: '103',
    parker: '101',
    parkerName: 'Bob',
    waited: 5,
  },
];

const MARKUP: ParkedSketch = {
  id: parkIdOf(4),
  name: '<img src=x onerror=alert(1)> & "quoted" \u202Etxet',
  number: '100',
  note: '<b>not bold</b>',
  group: 'Support',
  slot: '102',
  recallTo: 'ring-group',
  recallGroup: '<i>Support</i> evenings',
};

function idle(stage: Stagehand): void {
  stage.signIn();
  stage.subscribe();
  stage.full([]);
}

/** Own contacts, favourites, lamps and a history. */
function people(stage: Stagehand): void {
  const { contacts, history } = stage.session;
  const add = (name: string, company: string, ...numbers: readonly string[]) =>
    contacts.save(
      { name, company, numbers: numbers.map((number) => ({ kind: 'work' as const, number })) },
      null,
    );
  add('Anna Bäcker', '', '+49301234567');
  add(LONG.name, 'Gesellschaft für Außenstellen und Buchhaltung mbH', LONG.number, '+491715550001');
  add('<b>Markup</b> & Sons', '', '105');
  contacts.setFavourite('102', true);
  stage.lamp('102', 'confirmed');
  stage.lamp('103', null);
  history.state.setState({
    seenAt: 0,
    entries: (
      ['missed', 'incoming', 'outgoing', 'parked', 'recalled', 'retrieved', 'elsewhere'] as const
    ).map((kind, n) => ({
      id: kind,
      at: Date.UTC(2026, 2, 3, 12, 30 - n),
      name: n % 2 === 0 ? LONG.name : '',
      number: n % 2 === 0 ? LONG.number : '+49301234567',
      kind,
      lastedMs: n * 61_000,
      ...(n === 1 ? { quality: { mos: 4.2, loss: 0, jitterMs: 3, roundTripMs: null } } : {}),
    })),
  });
}

function withPeople(stage: Stagehand): void {
  idle(stage);
  stage.full([{ id: parkIdOf(1), ...CLIENT, slot: '103', waited: 20 }]);
  people(stage);
}

/** Every state of the screen by name. */
export const SCENES = {
  ...SIGN_IN_SCENES,
  'second-tab': (stage: Stagehand) => stage.setStage({ kind: 'second-tab' }),
  idle,
  'never-synced': (stage: Stagehand) => stage.signIn(),
  parked: (stage: Stagehand) => {
    idle(stage);
    stage.full(THREE);
  },
  'parked-unknown': (stage: Stagehand) => {
    idle(stage);
    stage.full(THREE);
    stage.say({
      kind: 'state',
      state: { kind: 'offline', since: epochMs(Date.now()), problem: { kind: 'unreachable' } },
    });
    stage.loseList();
  },
  'parked-states': (stage: Stagehand) => {
    idle(stage);
    stage.full([
      { id: parkIdOf(1), ...CLIENT, state: 'recalling', parkerName: 'Carol' },
      { id: parkIdOf(2), ...LONG, state: 'retrieving' },
      MARKUP,
    ]);
  },
  'parked-ended': (stage: Stagehand) => {
    idle(stage);
    stage.full(THREE);
    stage.partial([
      { ...(THREE[0] ?? MARKUP), ended: { reason: 'Retrieved by Carol', by: '103' } },
      { ...(THREE[1] ?? MARKUP), ended: { reason: 'Went to the ring group' } },
    ]);
  },
  incoming: (stage: Stagehand) => {
    idle(stage);
    stage.ring(CLIENT);
  },
  recall: (stage: Stagehand) => {
    idle(stage);
    stage.ring(CLIENT, '102');
  },
  talking: (stage: Stagehand) => {
    idle(stage);
    stage.full(THREE);
    stage.measure(4.3);
    stage.talk(CLIENT);
  },
  'talking-long': (stage: Stagehand) => {
    idle(stage);
    stage.talk(LONG);
    stage.measure(2.4);
  },
  'two-calls': (stage: Stagehand) => {
    idle(stage);
    stage.full(THREE.slice(0, 1));
    const first = stage.talk(CLIENT);
    stage.session.phone.call({ kind: 'hold', call: first });
    stage.say({ kind: 'call', input: { kind: 'hold-done', call: first } });
    stage.talk(LONG);
    stage.ring({ name: null, number: '102' });
  },
  conference: (stage: Stagehand) => {
    idle(stage);
    stage.full(THREE.slice(0, 1));
    stage.measure(4.1);
    const first = stage.talk(CLIENT);
    stage.session.phone.call({ kind: 'hold', call: first });
    stage.say({ kind: 'call', input: { kind: 'hold-done', call: first } });
    const second = stage.talk(LONG);
    stage.session.phone.call({ kind: 'join', call: second, other: first });
    stage.say({ kind: 'call', input: { kind: 'resume-done', call: first } });
  },
  dialing: (stage: Stagehand) => {
    idle(stage);
    stage.session.phone.dial('102');
  },
  parking: (stage: Stagehand) => {
    idle(stage);
    const call = stage.talk(CLIENT);
    stage.session.phone.park(call, { code: '*68', note: null });
  },
  'listen-only': (stage: Stagehand) => {
    idle(stage);
    stage.talk(CLIENT);
    stage.session.phone.update({
      microphone: { kind: 'missing', problem: 'refused' },
      soundBlocked: true,
    });
  },
  notices: (stage: Stagehand) => {
    idle(stage);
    stage.full(THREE);
    stage.notify({
      kind: 'parked',
      receipt: { parkId: null, slot: '103', retrieveCode: '*88103' },
      party: CLIENT,
    });
    stage.notify({
      kind: 'retrieve-failed',
      problem: { kind: 'gone', how: { kind: 'retrieved', by: 'Carol' } },
      party: CLIENT,
    });
    stage.notify({
      kind: 'call-trouble',
      notice: { kind: 'park-failed', problem: { kind: 'slot-full' } },
      party: CLIENT,
    });
  },
  refused: (stage: Stagehand) => {
    idle(stage);
    stage.say({ kind: 'state', state: { kind: 'refused', problem: { kind: 'wrong-password' } } });
    stage.loseList();
  },
  ...ACCOUNT_SCENES,
  'other-pbx': (stage: Stagehand) => {
    idle(stage);
    stage.session.phone.update({
      server: { kind: 'absent' },
      displayName: '',
      parkListSupported: false,
    });
  },
  tour: idle,
  restarted: (stage: Stagehand) => {
    idle(stage);
    stage.notify({
      kind: 'restarted',
      restart: { why: 'crashed', calls: [CLIENT] },
    });
  },
  people: withPeople,
  history: withPeople,
  contacts: withPeople,
  settings: withPeople,
  'desktop-settings': withPeople,
  'many-parked': (stage: Stagehand) => {
    idle(stage);
    stage.full(
      Array.from({ length: 500 }, (_, n) => ({
        id: parkIdOf(n + 1),
        name: `Caller ${n + 1}`,
        number: `0033860${String(n).padStart(5, '0')}`,
        waited: 1000 - n,
      })),
    );
  },
} as const satisfies Record<string, (stage: Stagehand) => void>;

export type SceneName = keyof typeof SCENES;

/** Scenes behind another tab than the first, by its place. */
export const SCENE_VIEWS: Partial<Record<SceneName, number>> = {
  history: 1,
  contacts: 2,
  settings: 3,
  'desktop-settings': 3,
};
