import type { Account } from '../../../../renderer/phone/model/account.ts';
import type {
  CertificateFacts,
  CertificateReport,
  CertificateVerdict,
} from '../../../../shared/bridge/server-certificate.ts';
import {
  foldCheck,
  newCheck,
  type CheckInput,
  type SignInCheck,
} from '../../../../shared/phone/sign-in-check.ts';
import type { Stagehand } from './stagehand.ts';

const FORM = {
  server: 'pbx.example',
  extension: '101',
  password: 'secret',
  webSocketUrl: '',
  domain: '',
  pbx: null,
  remember: false,
};

const account = (extension: string, serverName: string): Account => ({
  key: `${extension}@pbx.test`,
  server: 'pbx.test',
  extension,
  domain: 'pbx.test',
  webSocketUrl: 'wss://pbx.test/sip',
  serverName,
  apiBaseUrl: 'https://pbx.test',
  demo: false,
  instanceId: '4f6ed5b0-7f0d-4f7e-8d3f-4f2d70f6a4a2',
});

const CERTIFICATE: CertificateFacts = {
  subject: 'telefonanlage.hauptverwaltung.example.org',
  issuer: 'Parkline CA pbx <b>not bold</b>',
  names: ['telefonanlage.hauptverwaltung.example.org', '192.0.2.17'],
  sha256: '3f1c9a60b2d44e7781aa5b0c6de9f2147c38e5590b1d42fa6e7788c90d1a2b3c',
  validFrom: Date.UTC(2025, 0, 1),
  validUntil: Date.UTC(2026, 0, 31),
};

/** Signing in stopped at this certificate. */
function refused(stage: Stagehand, verdict: CertificateVerdict): void {
  const report: CertificateReport = {
    server: 'pbx.example:8443',
    certificate: CERTIFICATE,
    flaws: ['unknown-authority', 'expired', 'wrong-name'],
    verdict,
    seenAt: Date.UTC(2026, 2, 3),
  };
  stage.setStage({
    kind: 'sign-in',
    form: FORM,
    problem: { kind: 'certificate', report },
    busy: null,
    check: null,
  });
}

/** The wizard's test, as far as these steps. */
function tested(stage: Stagehand, ...inputs: readonly CheckInput[]): void {
  const check = inputs.reduce<SignInCheck>(foldCheck, newCheck);
  stage.setStage({ kind: 'sign-in', form: FORM, problem: null, busy: null, check });
}

const STEPS_PASSED: readonly CheckInput[] = [
  { kind: 'passed', step: 'address' },
  { kind: 'skipped', step: 'tls', why: 'not-told' },
  { kind: 'passed', step: 'websocket' },
  { kind: 'passed', step: 'registration' },
];

/** The form that signs in, and its test, step by step. */
export const SIGN_IN_SCENES = {
  'sign-in': (stage: Stagehand) =>
    stage.setStage({
      kind: 'sign-in',
      form: { ...FORM, extension: '', password: '' },
      problem: null,
      busy: null,
      check: null,
    }),
  'sign-in-busy': (stage: Stagehand) =>
    stage.setStage({
      kind: 'sign-in',
      form: FORM,
      problem: null,
      busy: 'registering',
      check: null,
    }),
  'sign-in-password': (stage: Stagehand) =>
    stage.setStage({
      kind: 'sign-in',
      form: FORM,
      problem: { kind: 'wrong-password' },
      busy: null,
      check: null,
    }),
  'sign-in-server': (stage: Stagehand) =>
    stage.setStage({
      kind: 'sign-in',
      form: FORM,
      problem: { kind: 'certificate' },
      busy: null,
      check: null,
    }),
  'sign-in-certificate': (stage: Stagehand) => refused(stage, { kind: 'unknown' }),
  'sign-in-certificate-changed': (stage: Stagehand) =>
    refused(stage, {
      kind: 'changed',
      before: {
        ...CERTIFICATE,
        server: 'pbx.example:8443',
        sha256: CERTIFICATE.sha256.split('').toReversed().join(''),
        trustedAt: Date.UTC(2025, 5, 1),
      },
    }),
  'sign-in-certificate-hopeless': (stage: Stagehand) => refused(stage, { kind: 'hopeless' }),
  'sign-in-too-old': (stage: Stagehand) =>
    stage.setStage({
      kind: 'sign-in',
      form: FORM,
      problem: { kind: 'app-too-old', oldest: '2.4.0' },
      busy: null,
      check: null,
    }),
  'sign-in-testing': (stage: Stagehand) =>
    tested(stage, ...STEPS_PASSED.slice(0, 2), { kind: 'begins', step: 'websocket' }),
  'sign-in-tested': (stage: Stagehand) =>
    tested(
      stage,
      ...STEPS_PASSED,
      { kind: 'passed', step: 'microphone' },
      { kind: 'passed', step: 'audio' },
    ),
  'sign-in-test-failed': (stage: Stagehand) =>
    tested(
      stage,
      ...STEPS_PASSED,
      { kind: 'failed', step: 'microphone', problem: { kind: 'microphone', why: 'refused' } },
      { kind: 'failed', step: 'audio', problem: { kind: 'no-sound' } },
    ),
  'sign-in-test-unreached': (stage: Stagehand) =>
    tested(stage, { kind: 'failed', step: 'address', problem: { kind: 'no-such-server' } }),
  'sign-in-accounts': (stage: Stagehand) => {
    stage.know([
      account('101', 'Example Ltd'),
      account('2044', 'Gesellschaft für Außenstellen und Buchhaltung mbH'),
    ]);
    // As a link that somebody was sent fills it.
    stage.setStage({
      kind: 'sign-in',
      form: { ...FORM, password: '', pbx: null },
      problem: null,
      busy: null,
      check: null,
    });
  },
} as const satisfies Record<string, (stage: Stagehand) => void>;
