import type { DesktopBridge } from '../../../shared/bridge/contract.ts';
import type { Clock } from '../../../shared/domain/clock.ts';
import { parklineChoice, profileOf } from '../../../shared/phone/pbx-profile.ts';
import {
  foldCheck,
  newCheck,
  stepOf,
  type CheckInput,
  type CheckProblem,
  type CheckStep,
  type SignInCheck,
  type SkipReason,
} from '../../../shared/phone/sign-in-check.ts';
import type { SignInProblem } from '../../../shared/phone/sign-in-problem.ts';
import type { MicrophoneProblem } from '../../sip/audio/microphone.ts';
import type { PhoneLine } from '../../sip/phone-line.ts';
import type { Endpoint } from './account.ts';
import {
  discoveryProblem,
  extensionFrom,
  type EndpointOutcome,
  type SignInForm,
} from './sign-in.ts';

/** A line that belongs to the test alone. */
export interface CheckLine {
  readonly line: PhoneLine;
  /** Opens the microphone and keeps it open until `close`. */
  microphone(): Promise<'open' | MicrophoneProblem>;
  /** Once or more often. */
  close(): Promise<void>;
}

export interface CheckWorld {
  readonly clock: Clock;
  findEndpoint(form: SignInForm): Promise<EndpointOutcome>;
  /** Whether the server's certificate is taken; `unknown` where a page is not told. */
  probe(webSocketUrl: string): Promise<SignInProblem | 'trusted' | 'unknown'>;
  /** Lets the page talk to this server. `false`: the page is loaded anew, and the test begins again there. */
  allow(endpoint: Endpoint): Promise<boolean>;
  open(endpoint: Endpoint): CheckLine;
  newId(): string;
  /** Nobody waits for the outcome any more; the line is closed already. */
  isOver(): boolean;
}

/** How long connecting and signing in may take together, ms. */
const REGISTER_LIMIT_MS = 8_000;
/** How long the test call may take to be answered, ms. */
const CALL_LIMIT_MS = 10_000;
/** How long to listen for what comes back, and how often to look, ms. */
const LISTEN_MS = 6_000;
const LOOK_EVERY_MS = 400;

/** Tries each step in turn; `onChange` is told of each. Resolves with what was found. */
export async function runCheck(
  form: SignInForm,
  world: CheckWorld,
  onChange: (check: SignInCheck) => void,
): Promise<SignInCheck> {
  let check = newCheck;
  const say: Say = (input) => {
    check = foldCheck(check, input);
    onChange(check);
  };
  const endpoint = await findServer(form, world, say);
  if (endpoint === null || !(await world.allow(endpoint))) return check;
  const opened = world.open(endpoint);
  try {
    const encrypted = endpoint.webSocketUrl.startsWith('wss:');
    if (await register(opened.line, { clock: world.clock, encrypted }, say)) {
      if (!world.isOver()) await tryMicrophone(opened, say);
      if (!world.isOver()) await tryCall(opened.line, { form, world }, say);
    }
  } finally {
    await opened.close();
  }
  return check;
}

type Say = (input: CheckInput) => void;

async function findServer(form: SignInForm, world: CheckWorld, say: Say): Promise<Endpoint | null> {
  say({ kind: 'begins', step: 'address' });
  const found = await world.findEndpoint(form);
  if (found.kind === 'failed') {
    failAtServer(found.problem, say);
    return null;
  }
  const { webSocketUrl } = found.endpoint;
  const plain = webSocketUrl.startsWith('ws:');
  if (!plain) say({ kind: 'begins', step: 'tls' });
  const probed = plain ? 'unknown' : await world.probe(webSocketUrl);
  if (typeof probed !== 'string') {
    failAtServer(probed, say);
    return null;
  }
  say({ kind: 'passed', step: 'address' });
  if (plain) say({ kind: 'skipped', step: 'tls', why: 'not-encrypted' });
  else if (probed === 'trusted') say({ kind: 'passed', step: 'tls' });
  return found.endpoint;
}

/** Nothing was connected yet: it is the certificate, or the address. */
function failAtServer(problem: SignInProblem, say: Say): void {
  if (stepOf(problem, false) !== 'tls') return say({ kind: 'failed', step: 'address', problem });
  say({ kind: 'passed', step: 'address' });
  say({ kind: 'failed', step: 'tls', problem });
}

/** What a browser is not told of TLS it learns from a WebSocket that opens. */
function register(
  line: PhoneLine,
  { clock, encrypted }: { readonly clock: Clock; readonly encrypted: boolean },
  say: Say,
): Promise<boolean> {
  say({ kind: 'begins', step: 'websocket' });
  let connected = false;
  return new Promise((resolve) => {
    const settle = (problem: SignInProblem | null) => {
      limit.dispose();
      listening.dispose();
      if (problem === null) say({ kind: 'passed', step: 'registration' });
      else say({ kind: 'failed', step: connected ? 'registration' : 'websocket', problem });
      if (!connected && encrypted) say({ kind: 'skipped', step: 'tls', why: 'not-told' });
      resolve(problem === null);
    };
    const onConnected = () => {
      if (connected) return;
      connected = true;
      if (encrypted) say({ kind: 'passed', step: 'tls' });
      say({ kind: 'passed', step: 'websocket' });
      say({ kind: 'begins', step: 'registration' });
    };
    const limit = clock.after(REGISTER_LIMIT_MS, () =>
      settle(connected ? { kind: 'not-a-phone-server' } : { kind: 'timeout' }),
    );
    const listening = line.onEvent((event) => {
      if (event.kind !== 'state') return;
      const { state } = event;
      if (state.kind === 'registering' || state.kind === 'registered') onConnected();
      if (state.kind === 'registered') settle(null);
      else if (state.kind === 'refused' || state.kind === 'offline') settle(state.problem);
    });
    line.start();
  });
}

async function tryMicrophone(opened: CheckLine, say: Say): Promise<void> {
  say({ kind: 'begins', step: 'microphone' });
  const answer = await opened.microphone();
  if (answer === 'open') say({ kind: 'passed', step: 'microphone' });
  else say({ kind: 'failed', step: 'microphone', problem: { kind: 'microphone', why: answer } });
}

type CallEnd =
  { readonly kind: 'answered' } | { readonly kind: 'refused'; readonly status: number };

/** Calls what plays back what it hears, else itself: if sound comes back, it finds its way there and here. */
async function tryCall(
  line: PhoneLine,
  { form, world }: { readonly form: SignInForm; readonly world: CheckWorld },
  say: Say,
): Promise<void> {
  say({ kind: 'begins', step: 'audio' });
  const { echo } = profileOf(form.pbx ?? parklineChoice);
  const call = world.newId();
  const target = echo ?? extensionFrom(form);
  const answering = echo === null ? answerMyself(line) : null;
  const end = await placeCall(line, { call, target, clock: world.clock });
  if (end.kind === 'refused') say(refusal(end.status, echo !== null));
  else if (await soundComes(line, call, world.clock)) say({ kind: 'passed', step: 'audio' });
  else say({ kind: 'failed', step: 'audio', problem: { kind: 'no-sound' } });
  if (end.kind === 'answered') line.perform({ kind: 'end', call });
  answering?.();
}

/** Servers may well refuse a call to oneself: that says nothing about the way of the sound. */
function refusal(status: number, echo: boolean): CheckInput {
  const step: CheckStep = 'audio';
  const why: SkipReason = 'no-test-call';
  const reached = status >= 300 && status !== 408 && status !== 488;
  if (!echo && reached) return { kind: 'skipped', step, why };
  const problem: CheckProblem = { kind: 'call-refused', status };
  return { kind: 'failed', step, problem };
}

function answerMyself(line: PhoneLine): () => void {
  const listening = line.onEvent((event) => {
    if (event.kind === 'call' && event.input.kind === 'came-in')
      line.perform({ kind: 'answer', call: event.input.call });
  });
  return () => listening.dispose();
}

function placeCall(
  line: PhoneLine,
  asked: { readonly call: string; readonly target: string; readonly clock: Clock },
): Promise<CallEnd> {
  const { call, target, clock } = asked;
  return new Promise((resolve) => {
    const settle = (end: CallEnd) => {
      limit.dispose();
      listening.dispose();
      resolve(end);
    };
    const limit = clock.after(CALL_LIMIT_MS, () => {
      line.perform({ kind: 'end', call });
      settle({ kind: 'refused', status: 408 });
    });
    const listening = line.onEvent((event) => {
      if (event.kind !== 'call' || event.input.call !== call) return;
      const { input } = event;
      if (input.kind === 'answered') settle({ kind: 'answered' });
      else if (input.kind === 'refused') settle({ kind: 'refused', status: input.final.status });
      else if (input.kind === 'gone') settle({ kind: 'refused', status: 0 });
    });
    line.perform({ kind: 'dial', call, target, purpose: { kind: 'call' } });
  });
}

async function soundComes(line: PhoneLine, call: string, clock: Clock): Promise<boolean> {
  for (let waited = 0; waited < LISTEN_MS; waited += LOOK_EVERY_MS) {
    await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve));
    if ((await line.quality(call)) !== null) return true;
  }
  return false;
}

/** Asks main, which is told why a connection fails, what the server's port says over HTTPS: anything it says proves TLS. */
export async function probeServer(
  webSocketUrl: string,
  desktop: DesktopBridge | null,
): Promise<SignInProblem | 'trusted' | 'unknown'> {
  if (desktop === null) return 'unknown';
  const { host } = new URL(webSocketUrl);
  const answer = await desktop.discover(`https://${host}`);
  if (answer.kind === 'found' || answer.reason === 'not-parkline') return 'trusted';
  // Some servers close on whatever is no WebSocket: then only opening one tells.
  return answer.reason === 'network' ? 'unknown' : discoveryProblem(answer);
}
