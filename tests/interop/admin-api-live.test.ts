import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { auditPageSchema } from '../../shared/config/admin/audit.ts';
import { journalPageSchema } from '../../shared/config/admin/journal.ts';
import {
  adminEventSchema,
  parkedCallListSchema,
  type AdminEvent,
} from '../../shared/config/admin/live.ts';
import { musicSchema } from '../../shared/config/admin/music.ts';
import { writeWav } from '../../shared/media/music/wav.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { AdminClient, PASSWORD, refusalOf } from './kit/admin-client.ts';
import { eventually } from './kit/eventually.ts';
import { Exchange } from './kit/exchange.ts';

let clock: FakeClock;
let exchange: Exchange;
let ada: AdminClient;
let base: string;

beforeEach(async () => {
  clock = new FakeClock(Date.UTC(2026, 0, 2));
  exchange = await Exchange.start(['101', '102', '104'], {}, { clock });
  ada = new AdminClient(exchange.server.httpUrl ?? '');
  await ada.setUp(exchange.server.setupUrl);
  base = `/tenants/${exchange.tenant.id}`;
});

afterEach(() => exchange.close());

/** What an open event stream has said so far. */
class Reader {
  readonly events: AdminEvent[] = [];
  readonly ids: number[] = [];
  ended = false;
  readonly #stop = new AbortController();

  async open(client: AdminClient): Promise<Response> {
    const response = await client.send('GET', `${base}/events`, { signal: this.#stop.signal });
    void this.#read(response).finally(() => (this.ended = true));
    return response;
  }

  close(): void {
    this.#stop.abort();
  }

  async said(what: (event: AdminEvent) => boolean): Promise<AdminEvent> {
    let found: AdminEvent | undefined;
    await eventually(() => (found = this.events.find(what)) !== undefined);
    if (found === undefined) throw new Error('eventually lied');
    return found;
  }

  async #read(response: Response): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk, { stream: true });
        const messages = text.split('\n\n');
        text = messages.pop() ?? '';
        for (const message of messages) this.#take(message);
      }
    } catch {
      // It was closed by the test.
    }
  }

  #take(message: string): void {
    const data = /^data: (.*)$/m.exec(message)?.[1];
    if (data === undefined) return;
    this.events.push(adminEventSchema.parse(JSON.parse(data)));
    this.ids.push(Number(/^id: (\d+)$/m.exec(message)?.[1]));
  }
}

async function park(caller = '104') {
  const bob = await exchange.signedIn('101');
  const client = await exchange.signedIn(caller);
  const pair = await exchange.connect(client, bob);
  await pair.callee.refer('*68102');
  await pair.callee.referResult();
  await pair.callee.hangUp();
  return { bob, client, atClient: pair.caller };
}

const isCall = (what: string) => (event: AdminEvent) =>
  event.kind === 'call' && event.what === what;

describe('parked calls', () => {
  it('are listed with their age, their recall and who parked them', async () => {
    await park();
    const { calls } = await ada.get(`${base}/parked-calls`, parkedCallListSchema);
    expect(calls).toMatchObject([
      {
        slot: '102',
        parker: '101',
        caller: { number: '104' },
        group: null,
        state: 'parked',
        parkedAt: clock.now(),
        recallAt: clock.now() + 300_000,
      },
    ]);
  });

  it('are told of as they come and go, to a stream that begins with what is there', async () => {
    const reader = new Reader();
    const response = await reader.open(ada);
    expect(response.headers.get('Content-Type')).toBe('text/event-stream');
    const { atClient } = await park();
    const parked = await reader.said(isCall('parked'));
    expect(parked).toMatchObject({
      slot: '102',
      parker: '101',
      by: null,
      call: { state: 'parked' },
    });
    expect(reader.events[0]).toMatchObject({ kind: 'snapshot', calls: [] });
    expect(reader.events).toContainEqual(
      expect.objectContaining({ kind: 'registrations', extension: '101', devices: 1 }),
    );
    const late = new Reader();
    await late.open(ada);
    expect(await late.said(({ kind }) => kind === 'snapshot')).toMatchObject({
      calls: [{ slot: '102' }],
    });
    await atClient.hangUp();
    expect(await reader.said(isCall('abandoned'))).toMatchObject({ call: null });
    expect(reader.ids).toEqual(reader.ids.map((_, index) => index + 1));
    reader.close();
    late.close();
  });

  it('are told of when they are recalled, and with whoever took them', async () => {
    const { bob } = await park();
    const reader = new Reader();
    await reader.open(ada);
    await reader.said(({ kind }) => kind === 'snapshot');
    clock.advance(300_000);
    expect(await reader.said(isCall('recalled'))).toMatchObject({ call: { state: 'recalling' } });
    (await bob.nextCall()).answer();
    expect(await reader.said(isCall('returned'))).toMatchObject({ by: '101', call: null });
    reader.close();
  });

  it('are told of to nobody who has signed out meanwhile', async () => {
    const reader = new Reader();
    await reader.open(ada);
    await reader.said(({ kind }) => kind === 'snapshot');
    await ada.ask('DELETE', '/session');
    clock.advance(15_000);
    await eventually(() => reader.ended);
  });

  it('are told of to nobody whose account was removed, from the first word on', async () => {
    const body = { name: 'bob', password: PASSWORD, role: 'tenant', tenantId: exchange.tenant.id };
    await ada.ask('POST', '/admins', body);
    const bob = new AdminClient(exchange.server.httpUrl ?? '');
    const { id } = await bob.signIn('bob');
    const reader = new Reader();
    await reader.open(bob);
    await reader.said(({ kind }) => kind === 'snapshot');
    expect((await ada.ask('DELETE', `/admins/${id}`)).status).toBe(204);
    await exchange.signedIn('101');
    await eventually(() => reader.ended);
    expect(reader.events).toHaveLength(1);
  });

  it('leave room for other admins, however many streams one opens', async () => {
    const body = { name: 'bob', password: PASSWORD, role: 'tenant', tenantId: exchange.tenant.id };
    await ada.ask('POST', '/admins', body);
    const bob = new AdminClient(exchange.server.httpUrl ?? '');
    await bob.signIn('bob');
    const readers = Array.from({ length: 20 }, () => new Reader());
    for (const reader of readers) expect((await reader.open(bob)).status).toBe(200);
    const refused = await bob.send('GET', `${base}/events`);
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '10']);
    expect(await refused.json()).toMatchObject({ error: 'too-many-attempts' });
    const hers = new Reader();
    readers.push(hers);
    expect((await hers.open(ada)).status).toBe(200);
    readers[0]?.close();
    // The server hears of it a moment later.
    await vi.waitFor(
      async () => {
        const again = new Reader();
        readers.push(again);
        expect((await again.open(bob)).status).toBe(200);
      },
      { timeout: 5_000, interval: 20 },
    );
    for (const reader of readers) reader.close();
  });

  it('do not keep the server from stopping', async () => {
    const reader = new Reader();
    await reader.open(ada);
    await reader.said(({ kind }) => kind === 'snapshot');
    const started = performance.now();
    await exchange.server.close({ graceMs: 0 });
    expect(performance.now() - started).toBeLessThan(1900);
  });
});

describe('the journal', () => {
  it('is filtered by every field and read page by page', async () => {
    const { atClient } = await park();
    clock.advance(1000);
    await atClient.hangUp();
    await eventually(() => exchange.server.calls.parkedCalls(exchange.tenant.id).length === 0);
    const read = (query: string) => ada.get(`${base}/journal?${query}`, journalPageSchema);
    const all = await read('');
    expect(all.lines.map(({ kind }) => kind)).toEqual(['abandoned', 'parked']);
    expect(all.next).toBeNull();
    const first = await read('limit=1');
    expect(first.lines).toHaveLength(1);
    const second = await read(`limit=1&before=${first.next}`);
    expect(second.lines.map(({ kind }) => kind)).toEqual(['parked']);
    const parkedAt = clock.now() - 1000;
    for (const query of [
      'slot=102',
      'parker=101',
      'caller=104',
      `from=${parkedAt}&to=${parkedAt + 1001}`,
    ]) {
      expect((await read(query)).lines).toHaveLength(2);
    }
    for (const query of ['slot=101', 'caller=999', 'how=retrieved', `to=${parkedAt}`]) {
      expect((await read(query)).lines).toEqual([]);
    }
    expect((await read('how=parked')).lines).toHaveLength(1);
    expect(await ada.refused('GET', `${base}/journal?how=eaten`)).toMatchObject({ field: 'how' });
    expect(await ada.refused('GET', `${base}/journal?from=monday`)).toMatchObject({
      field: 'from',
    });
  });

  it('is exported as CSV in which a caller cannot plant a formula', async () => {
    exchange.addUser('105', '=HYPERLINK("http://evil.example","x")');
    await park('105');
    const response = await ada.send('GET', `${base}/journal.csv`);
    expect(response.headers.get('Content-Type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('Content-Disposition')).toBe(
      'attachment; filename="journal-default.csv"',
    );
    const [header, line] = (await response.text()).split('\r\n');
    expect(header).toBe(
      'time,what,slot,group,parker,caller name,caller number,by,reason,note,park id',
    );
    expect(line).toMatch(/^2026-01-02T00:00:00.000Z,parked,102,,101,/);
    expect(line).not.toMatch(/(^|,)"?[=+@-]/);
    const { lines } = await ada.get('/audit?limit=1', auditPageSchema);
    expect(lines).toMatchObject([{ action: 'journal.exported' }]);
  });
});

describe('music', () => {
  const tune = (seconds: number) =>
    Buffer.from(writeWav({ rate: 8000, samples: new Int16Array(8000 * seconds).fill(1000) }));
  const put = async (body: Buffer, type = 'audio/wav') => {
    const file = new Uint8Array(body);
    const response = await ada.send('PUT', `${base}/music`, {
      body: file,
      headers: { 'Content-Type': type },
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  it('is replaced, listened to, and taken back', async () => {
    expect(await ada.get(`${base}/music`, musicSchema)).toEqual({ kind: 'built-in' });
    const answer = await put(tune(2));
    expect(musicSchema.parse(JSON.parse(answer.text))).toEqual({
      kind: 'uploaded',
      durationMs: 2000,
      rate: 8000,
      uploadedBy: 'ada',
      uploadedAt: clock.now(),
    });
    expect(exchange.media.log).toContain(`add-music ${exchange.tenant.id}`);
    const file = await ada.send('GET', `${base}/music.wav`);
    expect(Buffer.from(await file.arrayBuffer()).equals(tune(2))).toBe(true);
    const back = await ada.get(`${base}/music`, musicSchema, { method: 'DELETE' });
    expect(back).toEqual({ kind: 'built-in' });
    expect(exchange.media.log).toContain(`remove-music ${exchange.tenant.id}`);
  });

  it.each([
    ['that is none', () => Buffer.from('ID3 this is an mp3'), 'audio/wav', 'not-wav'],
    ['of nothing', () => Buffer.alloc(0), 'audio/wav', 'not-wav'],
    ['that is cut off', () => tune(2).subarray(0, 1000), 'audio/wav', 'truncated'],
    ['of 50 ms', () => tune(0.05), 'audio/wav', 'too-short'],
    [
      'of three channels',
      () => {
        const wav = tune(1);
        wav.writeUInt16LE(3, 22);
        return wav;
      },
      'audio/wav',
      'unsupported-format',
    ],
    ['of 11 minutes', () => tune(660), 'audio/wav', 'too-long'],
    ['of 50 MB', () => Buffer.alloc(50 * 1024 * 1024), 'audio/wav', 'too-large'],
    ['that is said to be an MP3', () => tune(1), 'audio/mpeg', 'wrong-type'],
  ])('from a file %s is refused, and nothing changes', async (_what, file, type, error) => {
    expect(refusalOf(await put(file(), type))).toMatchObject({ error });
    expect(await ada.get(`${base}/music`, musicSchema)).toEqual({ kind: 'built-in' });
  });
});
