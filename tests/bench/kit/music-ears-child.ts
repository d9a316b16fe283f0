/**
 * Callers on music in a process of their own: a scripted phone whose calls really receive, and the colleague who parks them. Nothing else
 * runs here, so that a gap is the server's and not the listener's. See `music-ears.ts`, which starts it and asks it questions.
 */
import type { AudioSink } from '../../../shared/media/embedded/leg-streams.ts';
import type { MediaLeg } from '../../../shared/media/engine.ts';
import { openHearingMedia, type HearingMedia } from '../../fakes/hearing-media.ts';
import { connectUdp } from '../../fakes/phone-connections.ts';
import { SipPhone } from '../../fakes/sip-phone.ts';
import type { EarsAnswer, EarsQuestion } from './music-ears.ts';

/** Remembers the longest time between two packets of one call. */
class GapEar implements AudioSink {
  packets = 0;
  longestMs = 0;
  #lastAt = 0;

  audio(): void {
    const now = performance.now();
    if (this.#lastAt > 0) this.longestMs = Math.max(this.longestMs, now - this.#lastAt);
    this.#lastAt = now;
    this.packets += 1;
  }

  event(): void {
    // Digits are not music.
  }

  forget(): void {
    this.packets = 0;
    this.longestMs = 0;
    this.#lastAt = 0;
  }
}

/** A scripted phone that really receives. */
class HearingPhone extends SipPhone {
  readonly #media: HearingMedia;
  readonly ears: GapEar[] = [];

  constructor(
    user: string,
    connection: Awaited<ReturnType<typeof connectUdp>>,
    media: HearingMedia,
  ) {
    super({ user, password: `secret-${user}` }, connection);
    this.#media = media;
  }

  override openLeg(): MediaLeg {
    const opened = this.#media.engine.open({
      kind: 'rtp',
      legName: `${this.account.user}-${this.ears.length}`,
      signallingAddress: '127.0.0.1',
      localAddress: '127.0.0.1',
    });
    if (!opened.ok) throw new Error(opened.error.detail);
    const ear = new GapEar();
    this.ears.push(ear);
    this.#media.hear(opened.value, ear);
    return opened.value;
  }
}

interface Office {
  readonly phone: HearingPhone;
  readonly parker: SipPhone;
}

async function signIn({
  udpPort,
  caller,
  parker,
}: Extract<EarsQuestion, { kind: 'sign-in' }>): Promise<Office> {
  // Apart from the server's range.
  const media = await openHearingMedia({ first: 40_000, last: 48_000 });
  const phone = new HearingPhone(caller, await connectUdp(udpPort), media);
  await phone.register();
  const account = { user: parker, password: `secret-${parker}` };
  const colleague = new SipPhone(account, await connectUdp(udpPort));
  await colleague.register();
  return { phone, parker: colleague };
}

async function park({ phone, parker }: Office, count: number): Promise<void> {
  const { user } = parker.account;
  for (let n = 0; n < count; n += 1) {
    const outgoing = phone.dial(user);
    const atParker = (await parker.nextCall()).answer();
    await outgoing.answered();
    await atParker.refer(`*68${user}`);
    const { status } = await atParker.referResult();
    if (status !== 200) throw new Error(`parking ${n}: ${status}`);
    await atParker.hangUp();
    parker.calls.length = 0;
  }
}

const signedIn: { office?: Office } = {};

async function answer(question: EarsQuestion): Promise<EarsAnswer> {
  if (question.kind === 'sign-in') {
    signedIn.office = await signIn(question);
    return { kind: 'done' };
  }
  const { office } = signedIn;
  if (!office) throw new Error('not signed in');
  const { ears } = office.phone;
  switch (question.kind) {
    case 'park':
      await park(office, question.count);
      return { kind: 'done' };
    case 'listen':
      for (const ear of ears) ear.forget();
      return { kind: 'done' };
    case 'heard':
      return {
        kind: 'heard',
        longestGapMs: Math.max(...ears.map(({ longestMs }) => longestMs)),
        packets: ears.reduce((sum, { packets }) => sum + packets, 0),
      };
  }
}

process.on('message', (question: EarsQuestion) => {
  void answer(question).then((said) => process.send?.(said));
});
process.on('disconnect', () => process.exit(0));
