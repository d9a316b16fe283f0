import { parkIdOf, type ParkedSketch } from '../../../fakes/park-documents.ts';
import type { Stagehand } from './stagehand.ts';

const AT_THE_OFFICE: readonly ParkedSketch[] = [
  { id: parkIdOf(1), waited: 75, note: 'wants invoice 4711' },
  {
    id: parkIdOf(2),
    name: 'Dr. Maximiliane von Hohenstaufen-Wittelsbach',
    slot: '104',
    waited: 31,
  },
];
const AT_HOME: readonly ParkedSketch[] = [
  { id: parkIdOf(3), name: 'Grandmother', number: '+4930901820', slot: '701', waited: 50 },
];

/** Two accounts signed in, a call parked at each. */
function twoAccounts(stage: Stagehand): void {
  stage.signIn();
  stage.subscribe();
  stage.full(AT_THE_OFFICE);
  stage.addAccount(AT_HOME);
}

const MANY = 250;

/** Calls parked at one of two accounts, by turns older and younger than the other's. */
const manyAt = (first: number, name: string): readonly ParkedSketch[] =>
  Array.from({ length: MANY }, (_, n) => ({
    id: parkIdOf(first + 2 * n),
    name: `${name} ${n + 1}`,
    waited: 1_000 - first - 2 * n,
  }));

/** Every state of a phone with several accounts, by name. */
export const ACCOUNT_SCENES = {
  'two-accounts': twoAccounts,
  'two-accounts-one-lost': (stage: Stagehand) => {
    twoAccounts(stage);
    stage.loseOther();
  },
  'two-accounts-calls': (stage: Stagehand) => {
    twoAccounts(stage);
    const first = stage.talk({ name: 'Client', number: '003386002678' });
    stage.session.phone.call({ kind: 'hold', call: first });
    stage.say({ kind: 'call', input: { kind: 'hold-done', call: first } });
    stage.ringOther({ name: 'Grandmother', number: '+4930901820' });
  },
  'two-accounts-many': (stage: Stagehand) => {
    stage.signIn();
    stage.subscribe();
    stage.full(manyAt(1, 'Office caller'));
    stage.addAccount(manyAt(2, 'Home caller'));
  },
  'two-accounts-settings': (stage: Stagehand) => {
    twoAccounts(stage);
    stage.startAdding();
  },
} as const satisfies Record<string, (stage: Stagehand) => void>;
