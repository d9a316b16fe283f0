import { describe, expect, it } from 'vitest';
import { makeResponse } from '../../../../../shared/sip/message/builders.ts';
import {
  startClientInvite,
  stepClientInvite,
  type ClientInviteInput,
  type ClientInviteState,
} from '../../../../../shared/sip/transaction/client-invite.ts';
import {
  resumeClientRequest,
  stepClientRequest,
  type ClientRequestInput,
  type ClientRequestState,
} from '../../../../../shared/sip/transaction/client-non-invite.ts';
import {
  startServerInvite,
  stepServerInvite,
  type ServerInviteInput,
  type ServerInviteState,
} from '../../../../../shared/sip/transaction/server-invite.ts';
import {
  startServerRequest,
  stepServerRequest,
  type ServerRequestInput,
  type ServerRequestState,
} from '../../../../../shared/sip/transaction/server-non-invite.ts';
import { timersFor } from '../../../../../shared/sip/transaction/timers.ts';
import { sampleRequest } from '../../../../fakes/sip-pair.ts';
import { walkMachine } from '../../../../fakes/walk-machine.ts';

const udp = timersFor(false);
const ws = timersFor(true);
const request = sampleRequest();
const ringing = makeResponse(request, 180);
const ok = makeResponse(request, 200);
const busy = makeResponse(request, 486);

describe('every state × every input of the INVITE client transaction', () => {
  const states: Record<string, ClientInviteState> = {
    calling: { kind: 'calling', resendAfterMs: 500, cancelWanted: false },
    'calling, cancel wanted': { kind: 'calling', resendAfterMs: 500, cancelWanted: true },
    proceeding: { kind: 'proceeding', cancelled: false },
    'proceeding, cancelled': { kind: 'proceeding', cancelled: true },
    completed: { kind: 'completed' },
    accepted: { kind: 'accepted' },
    terminated: { kind: 'terminated' },
  };
  const inputs: Record<string, ClientInviteInput> = {
    '1xx': { kind: 'provisional', response: ringing },
    '2xx': { kind: 'success', response: ok },
    failure: { kind: 'failure', response: busy },
    A: { kind: 'timer', timer: 'A' },
    B: { kind: 'timer', timer: 'B' },
    D: { kind: 'timer', timer: 'D' },
    M: { kind: 'timer', timer: 'M' },
    'cancel timer': { kind: 'timer', timer: 'cancel' },
    cancel: { kind: 'cancel' },
    moved: { kind: 'moved' },
    unreachable: { kind: 'unreachable', reason: 'closed' },
  };
  const answered = 'accepted: disarm A, disarm B, disarm cancel, arm M 32000, deliver-answer';
  const failedUdp =
    'completed: disarm A, disarm B, disarm cancel, arm D 32000, send-ack, deliver-outcome response';
  const rings = 'proceeding: disarm A, disarm B, deliver-provisional';
  const ringsCancelled =
    'proceeding: disarm A, disarm B, arm cancel 32000, send-cancel, deliver-provisional';
  const waiting = (state: string, whenRinging: string): Record<string, string> => ({
    [`${state} × 1xx`]: whenRinging,
    [`${state} × 2xx`]: answered,
    [`${state} × failure`]: failedUdp,
  });
  const calling = (state: string): Record<string, string> => ({
    [`${state} × A`]: 'calling: send-request, arm A 1000',
    [`${state} × B`]: 'terminated: deliver-outcome timeout',
    [`${state} × cancel`]: 'calling',
    [`${state} × moved`]: 'calling: send-request',
    [`${state} × unreachable`]: 'terminated: deliver-outcome transport-error',
  });
  const expected = {
    ...waiting('calling', rings),
    ...calling('calling'),
    ...waiting('calling, cancel wanted', ringsCancelled),
    ...calling('calling, cancel wanted'),
    'calling, cancel wanted × moved':
      'proceeding: disarm A, disarm B, arm cancel 32000, send-cancel',
    ...waiting('proceeding', 'proceeding: deliver-provisional'),
    'proceeding × cancel': 'proceeding: arm cancel 32000, send-cancel',
    ...waiting('proceeding, cancelled', 'proceeding: deliver-provisional'),
    'proceeding, cancelled × cancel timer': 'terminated: deliver-outcome timeout',
    'proceeding, cancelled × unreachable': 'terminated: deliver-outcome transport-error',
    'completed × failure': 'completed: send-ack',
    'completed × D': 'terminated',
    'completed × unreachable': 'terminated',
    'accepted × 2xx': 'accepted: deliver-answer',
    'accepted × M': 'terminated',
  };

  it('over UDP', () => {
    const step = (state: ClientInviteState, input: ClientInviteInput) =>
      stepClientInvite(state, input, udp);
    expect(walkMachine(step, { states, inputs, expected })).toEqual({});
  });

  it('over a connection: a failure is not waited for again', () => {
    const step = (state: ClientInviteState, input: ClientInviteInput) =>
      stepClientInvite(state, input, ws);
    const failed =
      'terminated: disarm A, disarm B, disarm cancel, send-ack, deliver-outcome response';
    const failures = Object.fromEntries(
      ['calling', 'calling, cancel wanted', 'proceeding', 'proceeding, cancelled'].map((state) => [
        `${state} × failure`,
        failed,
      ]),
    );
    expect(walkMachine(step, { states, inputs, expected: { ...expected, ...failures } })).toEqual(
      {},
    );
  });

  it('starts with the request, timer B, and timer A over UDP only', () => {
    const kinds = (timers: typeof udp) =>
      startClientInvite(timers).actions.map((action) =>
        action.kind === 'arm' ? `${action.timer} ${action.delayMs}` : action.kind,
      );
    expect(kinds(udp)).toEqual(['B 32000', 'A 500', 'send-request']);
    expect(kinds(ws)).toEqual(['B 32000', 'send-request']);
  });
});

describe('every state × every input of the other client transactions', () => {
  const states: Record<string, ClientRequestState> = {
    trying: { kind: 'trying', resendAfterMs: 500 },
    'trying, late': { kind: 'trying', resendAfterMs: 4_000 },
    proceeding: { kind: 'proceeding' },
    completed: { kind: 'completed' },
    terminated: { kind: 'terminated' },
  };
  const inputs: Record<string, ClientRequestInput> = {
    '1xx': { kind: 'provisional', response: ringing },
    final: { kind: 'final', response: ok },
    E: { kind: 'timer', timer: 'E' },
    F: { kind: 'timer', timer: 'F' },
    K: { kind: 'timer', timer: 'K' },
    moved: { kind: 'moved' },
    unreachable: { kind: 'unreachable', reason: 'closed' },
  };
  const waiting = (state: string, kind: string, resent: string, done: string) => ({
    [`${state} × 1xx`]: 'proceeding: deliver-provisional',
    [`${state} × final`]: done,
    [`${state} × E`]: `${kind}: send-request, arm E ${resent}`,
    [`${state} × F`]: 'terminated: deliver-outcome timeout',
    [`${state} × moved`]: `${kind}: send-request`,
    [`${state} × unreachable`]: 'terminated: deliver-outcome transport-error',
  });
  const table = (done: string) => ({
    ...waiting('trying', 'trying', '1000', done),
    ...waiting('trying, late', 'trying', '4000', done),
    ...waiting('proceeding', 'proceeding', '4000', done),
    'completed × K': 'terminated',
  });

  it('over UDP', () => {
    const step = (state: ClientRequestState, input: ClientRequestInput) =>
      stepClientRequest(state, input, udp);
    const expected = table('completed: disarm E, disarm F, arm K 5000, deliver-outcome response');
    expect(walkMachine(step, { states, inputs, expected })).toEqual({});
  });

  it('over a connection', () => {
    const step = (state: ClientRequestState, input: ClientRequestInput) =>
      stepClientRequest(state, input, ws);
    const expected = table('terminated: disarm E, disarm F, deliver-outcome response');
    expect(walkMachine(step, { states, inputs, expected })).toEqual({});
  });

  it('runs timer F, and timer E over UDP only, from when the request went out', () => {
    const armed = (timers: typeof udp, goneMs: number) => {
      const { state, actions } = resumeClientRequest(timers, goneMs);
      expect(state).toEqual({ kind: 'trying', resendAfterMs: 500 });
      return actions.map((action) =>
        action.kind === 'arm' ? `${action.timer} ${action.delayMs}` : action.kind,
      );
    };
    expect(armed(udp, 0)).toEqual(['F 32000', 'E 500']);
    expect(armed(udp, 300)).toEqual(['F 31700', 'E 200']);
    expect(armed(udp, 40_000)).toEqual(['F 0', 'E 0']);
    expect(armed(ws, 0)).toEqual(['F 32000']);
  });
});

describe('every state × every input of the INVITE server transaction', () => {
  const states: Record<string, ServerInviteState> = {
    proceeding: { kind: 'proceeding', last: undefined },
    'proceeding, ringing': { kind: 'proceeding', last: ringing },
    completed: { kind: 'completed', response: busy, resendAfterMs: 500 },
    'completed, late': { kind: 'completed', response: busy, resendAfterMs: 4_000 },
    confirmed: { kind: 'confirmed' },
    accepted: { kind: 'accepted', response: ok, resendAfterMs: 500 },
    'accepted, late': { kind: 'accepted', response: ok, resendAfterMs: 4_000 },
    acknowledged: { kind: 'acknowledged' },
    terminated: { kind: 'terminated' },
  };
  const ack = sampleRequest({ method: 'ACK' });
  const cancel = sampleRequest({ method: 'CANCEL' });
  const inputs: Record<string, ServerInviteInput> = {
    '1xx': { kind: 'reply', response: ringing },
    '2xx': { kind: 'reply', response: ok },
    failure: { kind: 'reply', response: busy },
    request: { kind: 'request' },
    ack: { kind: 'ack' },
    'ack to 2xx': { kind: 'ack-to-2xx', ack },
    cancel: { kind: 'cancel', cancel },
    trying: { kind: 'timer', timer: 'trying' },
    G: { kind: 'timer', timer: 'G' },
    H: { kind: 'timer', timer: 'H' },
    I: { kind: 'timer', timer: 'I' },
    L: { kind: 'timer', timer: 'L' },
    'timer 2xx': { kind: 'timer', timer: '2xx' },
    unreachable: { kind: 'unreachable' },
  };
  const proceeding = (state: string, failed: string) => ({
    [`${state} × 1xx`]: 'proceeding: disarm trying, send',
    [`${state} × 2xx`]: 'accepted: disarm trying, arm L 32000, arm 2xx 500, send',
    [`${state} × failure`]: failed,
    [`${state} × cancel`]: 'proceeding: deliver-cancel',
  });
  const completed = (state: string, resent: number, confirmed: string) => ({
    [`${state} × request`]: 'completed: send',
    [`${state} × ack`]: confirmed,
    [`${state} × G`]: `completed: send, arm G ${resent}`,
    [`${state} × H`]: 'terminated: end no-ack-to-failure',
    [`${state} × unreachable`]: 'terminated: end unreachable',
  });
  const accepted = (state: string, resent: number) => ({
    [`${state} × ack to 2xx`]: 'acknowledged: disarm 2xx, deliver-ack',
    [`${state} × timer 2xx`]: `accepted: arm 2xx ${resent}, send`,
    [`${state} × L`]: 'terminated: end no-ack-to-2xx',
  });
  const table = (failed: string, confirmed: string) => ({
    ...proceeding('proceeding', failed),
    'proceeding × request': 'proceeding: disarm trying, send-trying',
    'proceeding × trying': 'proceeding: send-trying',
    ...proceeding('proceeding, ringing', failed),
    'proceeding, ringing × request': 'proceeding: send',
    ...completed('completed', 1_000, confirmed),
    ...completed('completed, late', 4_000, confirmed),
    'confirmed × I': 'terminated: end answered',
    ...accepted('accepted', 1_000),
    ...accepted('accepted, late', 4_000),
    'acknowledged × L': 'terminated: end answered',
  });

  it('over UDP', () => {
    const step = (state: ServerInviteState, input: ServerInviteInput) =>
      stepServerInvite(state, input, udp);
    const expected = table(
      'completed: disarm trying, arm H 32000, arm G 500, send',
      'confirmed: disarm G, disarm H, arm I 5000',
    );
    expect(walkMachine(step, { states, inputs, expected })).toEqual({});
  });

  it('over a connection', () => {
    const step = (state: ServerInviteState, input: ServerInviteInput) =>
      stepServerInvite(state, input, ws);
    const expected = table(
      'completed: disarm trying, arm H 32000, send',
      'terminated: end answered',
    );
    expect(walkMachine(step, { states, inputs, expected })).toEqual({});
  });

  it('starts with 100 Trying due in 200 ms', () => {
    expect(startServerInvite(udp).actions).toEqual([
      { kind: 'arm', timer: 'trying', delayMs: 200 },
    ]);
  });
});

describe('every state × every input of the other server transactions', () => {
  const states: Record<string, ServerRequestState> = {
    trying: { kind: 'trying' },
    proceeding: { kind: 'proceeding', last: ringing },
    completed: { kind: 'completed', response: ok },
    terminated: { kind: 'terminated' },
  };
  const inputs: Record<string, ServerRequestInput> = {
    '1xx': { kind: 'reply', response: ringing },
    final: { kind: 'reply', response: ok },
    request: { kind: 'request' },
    J: { kind: 'timer', timer: 'J' },
    unanswered: { kind: 'timer', timer: 'unanswered' },
    unreachable: { kind: 'unreachable' },
  };

  it.each([
    ['UDP', udp, 32_000],
    ['a connection', ws, 0],
  ] as const)('over %s', (_name, timers, absorbMs) => {
    const step = (state: ServerRequestState, input: ServerRequestInput) =>
      stepServerRequest(state, input, timers);
    const replies = (state: string) => ({
      [`${state} × 1xx`]: 'proceeding: send',
      [`${state} × final`]: `completed: disarm unanswered, arm J ${absorbMs}, send`,
      [`${state} × unanswered`]: 'terminated: end unanswered',
    });
    const expected = {
      ...replies('trying'),
      ...replies('proceeding'),
      'proceeding × request': 'proceeding: send',
      'completed × request': 'completed: send',
      'completed × J': 'terminated: end answered',
      'completed × unreachable': 'terminated: end unreachable',
    };
    expect(walkMachine(step, { states, inputs, expected })).toEqual({});
  });

  it('starts by waiting no longer than the client does', () => {
    expect(startServerRequest(udp).actions).toEqual([
      { kind: 'arm', timer: 'unanswered', delayMs: 32_000 },
    ]);
  });
});
