import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { writeWav } from '../../shared/media/music/wav.ts';
import { describeOutcome } from '../../shared/server/demo/call-outcome.ts';
import type { DemoCallEvent } from '../../shared/server/demo/demo-call.ts';
import { DEMO_CLIENT, runDemoCall } from '../../shared/server/demo/run-demo-call.ts';
import { createParkServer } from '../../shared/server/main.ts';
import { silentLogger } from '../../shared/server/log.ts';
import type { ParkServer } from '../../shared/server/park-server.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeMediaEngine } from '../fakes/fake-media-engine.ts';
import { cli, type CliRun } from './kit/cli.ts';
import { eventually } from './kit/eventually.ts';
import {
  addUsers,
  loopbackConfig,
  portOf,
  removeDirectory,
  temporaryDirectory,
} from './kit/park-server.ts';
import { answerDigest, WirePhone } from './kit/wire-phone.ts';
import { RtpPhone } from './rtp-phone.ts';

const TONE_OF_THE_RECORDING = 440;
const TONE_OF_BOB = 620;

let dataDir: string;
let server: ParkServer;
let desk: WirePhone;
let audio: RtpPhone;

beforeEach(async () => {
  dataDir = temporaryDirectory();
  server = await createParkServer(loopbackConfig(dataDir), {
    loggers: () => silentLogger,
    demo: true,
  });
  addUsers(server, '110');
  desk = await WirePhone.udp(portOf(server, 'udp'));
  audio = RtpPhone.open({ hertz: TONE_OF_BOB, codec: 'PCMA' });
  await desk.register({ extension: '110', password: 'secret-110' });
});

afterEach(async () => {
  audio.close();
  await desk.close();
  await server.close({ graceMs: 0 });
  removeDirectory(dataDir);
});

/** Ignores retransmissions: the next request of that method. */
async function request(method: string): Promise<string> {
  for (;;) {
    const message = await desk.next();
    if (message.startsWith(`${method} `)) return message;
  }
}

function header(message: string, name: string): string {
  return new RegExp(`^${name}: *(.*)$`, 'im').exec(message)?.[1]?.trim() ?? '';
}

function reply(to: string, status: string, sdp = ''): void {
  const vias = to.match(/^Via:.*$/gim) ?? [];
  const tagged = header(to, 'To').includes('tag=') ? '' : ';tag=desk';
  desk.wire.send(
    [
      `SIP/2.0 ${status}`,
      ...vias.map((via) => via.trim()),
      `From: ${header(to, 'From')}`,
      `To: ${header(to, 'To')}${tagged}`,
      `Call-ID: ${header(to, 'Call-ID')}`,
      `CSeq: ${header(to, 'CSeq')}`,
      `Contact: <sip:110@${desk.wire.local}>`,
      ...(sdp === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${sdp.length}`,
      '',
      sdp,
    ].join('\r\n'),
  );
}

/** Rings, answers, and says what the INVITE was. */
async function answer(): Promise<string> {
  const invite = await request('INVITE');
  reply(invite, '180 Ringing');
  reply(invite, '200 OK', audio.offer());
  await request('ACK');
  audio.takeAnswer(invite.slice(invite.indexOf('\r\n\r\n')));
  return invite;
}

function call(extension: string, ...more: readonly string[]): Promise<CliRun> {
  return cli(['demo', 'call', extension, '--data', dataDir, ...more]);
}

describe('the demo caller', () => {
  it('rings as the client, speaks when answered, and hangs up when told to', async () => {
    const calling = call('110', '--hangup-after', '8');
    const invite = await answer();
    expect(header(invite, 'From')).toMatch(/^"?Client"? <sip:003386002678@/);
    await audio.hearsSound(12_000);
    reply(await request('BYE'), '200 OK');
    const { status, out } = await calling;
    expect(out.split('\n')).toEqual([
      'Calling 110 as Client 003386002678 …',
      '110 is ringing.',
      expect.stringMatching(/^110 has answered \(.*\)\. Ctrl\+C hangs up\.$/),
      'The demo caller hung up.',
    ]);
    expect(status).toBe(0);
  });

  it('plays a recording', async () => {
    const recording = join(dataDir, 'tone.wav');
    const samples = Int16Array.from({ length: 16_000 }, (_, at) =>
      Math.round(8000 * Math.sin((2 * Math.PI * TONE_OF_THE_RECORDING * at) / 16_000)),
    );
    writeFileSync(recording, writeWav({ rate: 16_000, samples }));
    const calling = call('110', '--wav', recording, '--hangup-after', '2');
    await answer();
    await audio.hears(TONE_OF_THE_RECORDING);
    reply(await request('BYE'), '200 OK');
    expect((await calling).status).toBe(0);
    const { status, err } = await call('110', '--wav', join(dataDir, 'parkline.db'));
    expect(status).toBe(1);
    expect(err).toMatch(/^The recording cannot be played: /);
  });

  it('plays back what it hears', async () => {
    const calling = call('110', '--echo', '--hangup-after', '2');
    await answer();
    await audio.hears(TONE_OF_BOB);
    reply(await request('BYE'), '200 OK');
    expect((await calling).status).toBe(0);
  });

  it('has another name and number when given one', async () => {
    const calling = call('110', '--from-name', 'Zoë', '--from-number', '0049301234');
    const invite = await request('INVITE');
    expect(header(invite, 'From')).toMatch(/^"?Zoë"? <sip:0049301234@/);
    reply(invite, '486 Busy Here');
    const { status, err } = await calling;
    expect({ status, err }).toEqual({ status: 1, err: '110 is busy.' });
  });

  it('gives up when nobody answers for a minute', async () => {
    const clock = new FakeClock();
    const told: DemoCallEvent[] = [];
    const demo = z.object({ username: z.string(), password: z.string() });
    const trunk = demo.parse(JSON.parse(readFileSync(join(dataDir, 'demo-trunk.json'), 'utf8')));
    const calling = await runDemoCall(
      {
        extension: '110',
        server: { address: '127.0.0.1', port: portOf(current(), 'udp') },
        trunk,
        from: DEMO_CLIENT,
        sound: { kind: 'echo' },
        ringMs: 60_000,
      },
      { media: new FakeMediaEngine(), clock, tell: (event) => void told.push(event) },
    );
    const invite = await request('INVITE');
    reply(invite, '180 Ringing');
    await eventually(() => told.some(({ kind }) => kind === 'ringing'));
    clock.advance(59_999);
    expect(told.some(({ kind }) => kind === 'ended')).toBe(false);
    clock.advance(1);
    reply(await request('CANCEL'), '200 OK');
    reply(invite, '487 Request Terminated');
    await request('ACK');
    if (!calling.ok) throw new Error(calling.error.reason);
    const outcome = await calling.value.ended;
    expect(outcome).toEqual({ kind: 'we-hung-up', answered: false });
    expect(describeOutcome(outcome, '110')).toBe('Nobody answered; the demo caller gave up.');
    expect(clock.pending).toBe(0);
  });

  it('is held and taken back by re-INVITE', async () => {
    const calling = call('110', '--hangup-after', '4');
    const invite = await answer();
    await audio.hearsSound(12_000);
    const dialog = [
      `From: ${header(invite, 'To')};tag=desk`,
      `To: ${header(invite, 'From')}`,
      `Call-ID: ${header(invite, 'Call-ID')}`,
    ];
    const target = /<(.*)>/.exec(header(invite, 'Contact'))?.[1] ?? '';
    const login = { username: '110', password: 'secret-110' };
    const again = (direction: string, cseq: number) => {
      const sdp = audio.offer(direction).replace('o=desk 1 1', `o=desk 1 ${cseq}`);
      return desk.reinvite(target, { dialog, cseq, sdp, login });
    };
    const held = await again('sendonly', 10);
    expect(held.status).toBe(200);
    expect(held.text).toContain('a=recvonly');
    await audio.hearsNothing();
    const resumed = await again('sendrecv', 20);
    expect(resumed.status).toBe(200);
    await audio.hearsSound(12_000);
    reply(await request('BYE'), '200 OK');
    expect((await calling).status).toBe(0);
  });

  it('is told when the server stops: calls go on for the grace, then BYE with the reason', async () => {
    const calling = call('110', '--json');
    const invite = await answer();
    await audio.hearsSound(12_000);
    const stopped = server.close({ graceMs: 6000 });
    const { status, err } = await call('110', '--server', `udp:127.0.0.1:${portOf(server, 'udp')}`);
    expect({ status, err }).toEqual({ status: 1, err: 'The server takes no new calls now.' });
    const bye = await request('BYE');
    expect(header(bye, 'Call-ID')).toBe(header(invite, 'Call-ID'));
    expect(header(bye, 'Reason')).toBe('SIP;cause=503;text="The server is stopping"');
    reply(bye, '200 OK');
    await stopped;
    expect((await calling).out).toContain('"kind": "they-hung-up"');
  });

  it('says who hung up', async () => {
    const calling = call('110', '--json');
    const invite = await answer();
    const bye = [
      `From: ${header(invite, 'To')};tag=desk`,
      `To: ${header(invite, 'From')}`,
      `Call-ID: ${header(invite, 'Call-ID')}`,
      'CSeq: 1 BYE',
    ];
    const target = /<(.*)>/.exec(header(invite, 'Contact'))?.[1] ?? '';
    expect((await desk.request('BYE', target, bye)).status).toBe(200);
    const { status, out } = await calling;
    expect(status).toBe(0);
    expect(out).toContain('"kind":"ringing"');
    expect(out).toContain('"kind": "they-hung-up"');
  });

  it.each([
    ['101', '101 is not signed in anywhere, or nobody answered.'],
    ['999', 'There is no extension 999 on this server.'],
  ])('says why %s cannot be called', async (extension, sentence) => {
    const { status, err } = await call(extension);
    expect({ status, err }).toEqual({ status: 1, err: sentence });
  });

  it('says that the server does not know it', async () => {
    const elsewhere = temporaryDirectory();
    const server = `udp:127.0.0.1:${portOf(current(), 'udp')}`;
    const args = ['demo', 'call', '110', '--data', elsewhere, '--server', server];
    const { status, err } = await cli(args);
    expect(status).toBe(1);
    expect(err).toContain('The server does not accept the demo caller’s password.');
    removeDirectory(elsewhere);
  });

  it('rings whoever presses the button, one call at a time', async () => {
    const headers = { Authorization: `Bearer ${await token('110')}` };
    const press = () => fetch(`${server.httpUrl}/api/phone/demo-call`, { method: 'POST', headers });
    expect((await press()).status).toBe(202);
    const invite = await request('INVITE');
    expect((await press()).status).toBe(409);
    reply(invite, '603 Decline');
    await request('ACK');
    await eventually(() => server.calls.activeCalls === 0);
  });
});

function current(): ParkServer {
  return server;
}

async function token(extension: string): Promise<string> {
  const uri = '/api/phone/session';
  const url = `${server.httpUrl}${uri}`;
  const challenge = (await fetch(url, { method: 'POST' })).headers.get('WWW-Authenticate') ?? '';
  const login = { username: extension, password: `secret-${extension}`, method: 'POST', uri };
  const headers = { Authorization: answerDigest(challenge, login) };
  const response = await fetch(url, { method: 'POST', headers });
  return z.object({ token: z.string() }).parse(await response.json()).token;
}
