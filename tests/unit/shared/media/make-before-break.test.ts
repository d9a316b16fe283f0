import { beforeAll, describe, expect, it } from 'vitest';
import type { DtlsCertificate } from '../../../../shared/media/embedded/dtls/certificate.ts';
import { createDtlsCertificate } from '../../../../shared/media/embedded/dtls/certificate.ts';
import { EmbeddedMediaEngine } from '../../../../shared/media/embedded/embedded-engine.ts';
import type {
  LegTransport,
  TransportEvents,
} from '../../../../shared/media/embedded/leg-transport.ts';
import { readRtp, writeRtpHeader } from '../../../../shared/media/embedded/rtp/rtp-packet.ts';
import type { RtpPacket } from '../../../../shared/media/embedded/rtp/rtp-packet.ts';
import { PacketLoop } from '../../../../shared/media/embedded/loop/packet-loop.ts';
import { SoundLibrary } from '../../../../shared/media/embedded/sound-library.ts';
import type { MediaLeg } from '../../../../shared/media/engine.ts';
import { prepareAudio } from '../../../../shared/media/music/prepared-audio.ts';
import type { PreparedAudio } from '../../../../shared/media/music/prepared-audio.ts';
import { writeWav } from '../../../../shared/media/music/wav.ts';
import { FakeMediaClock } from '../../../fakes/fake-media-clock.ts';

const MUSIC = { kind: 'music' } as const;
const FRAMES = 25;
let music: PreparedAudio;
let certificate: DtlsCertificate;

/** Each frame has a level of its own, so that a listener can tell where in the tune he is. */
beforeAll(async () => {
  const levelOf = (frame: number): number => 40 * 1.3 ** frame;
  const samples = Int16Array.from({ length: FRAMES * 160 }, (_, i) => levelOf(Math.floor(i / 160)));
  music = await prepareAudio({ rate: 8_000, samples });
  certificate = await createDtlsCertificate();
});

/** A desk phone at the other end of a leg's transport, without a network. */
class FakePhone implements LegTransport {
  readonly kind = 'rtp';
  readonly heard: RtpPacket[] = [];
  ready = false;
  #told = 0;
  #sequence = 500;
  readonly #voice: number;
  readonly #events: TransportEvents;

  constructor(voice: number, events: TransportEvents) {
    this.#voice = voice;
    this.#events = events;
  }

  prepare(): void {
    // Without a network nothing can come before the far side agrees.
  }

  commit(): void {
    this.ready = true;
  }

  sendRtp(packet: Buffer, length: number): void {
    const read = readRtp(packet, length);
    if (read) this.heard.push(read);
  }

  sendRtcp(): void {
    // Nobody reads reports here.
  }

  checkLiveness(): void {
    // This phone is always there.
  }

  close(): void {
    this.ready = false;
  }

  /** A packet of its voice: 160 times the same octet. */
  speak(): void {
    const packet = Buffer.alloc(12 + 160, this.#voice);
    const sequence = this.#sequence++;
    const header = { payloadType: 0, marker: false, sequence, ssrc: this.#voice };
    writeRtpHeader(packet, { ...header, timestamp: sequence * 160 });
    this.#events.onRtp(packet, packet.length);
  }

  /** What was heard since the last time: a number for a frame of music, a letter for a voice. */
  hears(): readonly (number | string)[] {
    const news = this.heard.slice(this.#told);
    this.#told = this.heard.length;
    return news.map(({ payload }) => {
      const [first] = payload;
      if (first !== undefined && first < VOICES.length) return VOICES[first] ?? '?';
      return FRAME_NUMBERS.find((at) => payload.equals(music.frame('PCMU', at) ?? NOTHING)) ?? '?';
    });
  }
}

const VOICES = ['A', 'B', 'C'];
const NOTHING = new Uint8Array();
const FRAME_NUMBERS = Array.from({ length: FRAMES }, (_, i) => i);

const offer = (direction: string): string =>
  [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    'm=audio 5000 RTP/AVP 0',
    `a=${direction}`,
    '',
  ].join('\r\n');

function negotiate(leg: MediaLeg, direction: string): void {
  expect(leg.applyOffer(offer(direction)).ok).toBe(true);
  leg.createAnswer({ prefer: ['PCMU'] });
}

function rig() {
  const clock = new FakeMediaClock();
  const phones: FakePhone[] = [];
  const network = {
    openTransport: (_request: unknown, events: TransportEvents) => {
      const phone = new FakePhone(phones.length, events);
      phones.push(phone);
      return phone;
    },
    takePair: () => 4_000,
    close: () => undefined,
  };
  const sounds = new SoundLibrary(() => music);
  const engine = new EmbeddedMediaEngine({
    loop: new PacketLoop({ network, certificate, sounds, clock }),
    addresses: [{ bind: '127.0.0.1', advertised: '127.0.0.1', icePort: 0 }],
    certificate: { number: 0, fingerprint: certificate.fingerprint },
  });
  const call = () => {
    const opened = engine.open({ kind: 'rtp', legName: `phone ${phones.length}` });
    const phone = phones.at(-1);
    if (!opened.ok || !phone) throw new Error('no leg');
    negotiate(opened.value, 'sendrecv');
    return { leg: opened.value, phone };
  };
  const [caller, retriever, third] = [call(), call(), call()];
  return { clock, engine, caller, retriever, third };
}

/** The caller waits on music and has heard five frames, numbers 1 to 5. */
function parked() {
  const rigged = rig();
  rigged.engine.play(rigged.caller.leg, MUSIC);
  rigged.clock.advance(100);
  expect(rigged.caller.phone.hears()).toEqual([1, 2, 3, 4, 5]);
  return rigged;
}

function retrieved() {
  const rigged = parked();
  rigged.engine.bridge(rigged.caller.leg, rigged.retriever.leg);
  return rigged;
}

describe('a caller on music who is bridged', () => {
  it('hears the music until the partner’s first packet, and then only the partner', () => {
    const { clock, caller, retriever } = retrieved();
    expect(caller.leg.hearing).toEqual({ kind: 'bridge', other: retriever.leg });
    clock.advance(60);
    expect(caller.phone.hears()).toEqual([6, 7, 8]);
    for (let i = 0; i < 3; i++) {
      retriever.phone.speak();
      clock.advance(20);
    }
    expect(caller.phone.hears()).toEqual(['B', 'B', 'B']);
  });

  it('is heard at once by the partner, without ending the music', () => {
    const { clock, caller, retriever } = retrieved();
    caller.phone.speak();
    expect(retriever.phone.hears()).toEqual(['A']);
    clock.advance(40);
    expect(caller.phone.hears()).toEqual([6, 7]);
  });

  it('gets one unbroken stream, with a marker where the voice begins', () => {
    const { clock, caller, retriever } = retrieved();
    clock.advance(47);
    retriever.phone.speak();
    clock.advance(20);
    retriever.phone.speak();
    const { heard } = caller.phone;
    const [first] = heard;
    expect(heard.map((one) => one.sequence - (first?.sequence ?? 0))).toEqual(
      heard.map((_, i) => i),
    );
    const steps = heard
      .slice(1)
      .map((one, i) => (one.timestamp - (heard[i]?.timestamp ?? 0)) >>> 0);
    expect(steps).toEqual(steps.map(() => 160));
    expect(heard.map((one) => one.marker)).toEqual(heard.map((_, i) => i === 0 || i === 7));
    expect(new Set(heard.map((one) => one.ssrc)).size).toBe(1);
  });

  it('hears silence after a second when the partner is muted, and his voice whenever it comes', () => {
    const { clock, caller, retriever } = retrieved();
    clock.advance(999);
    expect(caller.phone.hears().length).toBe(49);
    clock.advance(5_000);
    expect(caller.phone.hears()).toEqual([]);
    expect(caller.leg.hearing.kind).toBe('bridge');
    retriever.phone.speak();
    expect(caller.phone.hears()).toEqual(['B']);
  });

  it('hears nothing of a limit that belongs to a retrieval before this one', () => {
    const { clock, engine, caller, retriever } = retrieved();
    clock.advance(500);
    engine.play(caller.leg, MUSIC);
    clock.advance(400);
    engine.bridge(caller.leg, retriever.leg);
    caller.phone.hears();
    clock.advance(960);
    expect(caller.phone.hears().length).toBe(48);
  });

  it('goes on in the tune when the retrieval fails and the music is played again', () => {
    const { clock, engine, caller, retriever } = retrieved();
    clock.advance(40);
    retriever.leg.close();
    engine.play(caller.leg, MUSIC);
    clock.advance(60);
    expect(caller.phone.hears()).toEqual([6, 7, 8, 9, 10]);
    clock.advance(1_000);
    expect(caller.phone.hears().length).toBe(50);
  });

  it('goes on in the tune when another takes the call before the first has spoken', () => {
    const { clock, engine, caller, retriever, third } = retrieved();
    clock.advance(40);
    engine.bridge(caller.leg, third.leg);
    clock.advance(40);
    retriever.phone.speak();
    expect(caller.phone.hears()).toEqual([6, 7, 8, 9]);
    third.phone.speak();
    clock.advance(100);
    expect(caller.phone.hears()).toEqual(['C']);
  });

  it.each<readonly [string, (rigged: ReturnType<typeof retrieved>) => void]>([
    ['he is to hear silence', ({ engine, caller }) => engine.silence(caller.leg)],
    ['the partner is to hear silence', ({ engine, retriever }) => engine.silence(retriever.leg)],
    ['the partner is played music', ({ engine, retriever }) => engine.play(retriever.leg, MUSIC)],
    [
      'the partner goes to another',
      ({ engine, retriever, third }) => engine.bridge(retriever.leg, third.leg),
    ],
    ['the partner hangs up', ({ retriever }) => retriever.leg.close()],
    ['he hangs up', ({ caller }) => caller.leg.close()],
    ['the engine closes', ({ engine }) => void engine.close()],
  ])('hears no more music when %s', (_, happens) => {
    const rigged = retrieved();
    happens(rigged);
    rigged.clock.advance(2_000);
    expect(rigged.caller.phone.hears()).toEqual([]);
  });

  it('does not hear the music again after holding', () => {
    const { clock, caller, retriever } = retrieved();
    negotiate(caller.leg, 'sendonly');
    clock.advance(100);
    negotiate(caller.leg, 'sendrecv');
    clock.advance(100);
    expect(caller.phone.hears()).toEqual([]);
    retriever.phone.speak();
    expect(caller.phone.hears()).toEqual(['B']);
  });

  it('still hears the music after holding while parked', () => {
    const { clock, caller } = parked();
    negotiate(caller.leg, 'sendonly');
    clock.advance(100);
    negotiate(caller.leg, 'sendrecv');
    clock.advance(40);
    expect(caller.phone.hears()).toEqual([11, 12]);
  });
});

describe('a leg on anything but music that is bridged', () => {
  it('hears no more of a tone or a clip', async () => {
    const { clock, engine, caller, retriever } = rig();
    const made = await engine.makeClip(writeWav({ rate: 8_000, samples: new Int16Array(8_000) }));
    if (!made.ok) throw new Error(made.error.detail);
    engine.play(caller.leg, { kind: 'tone', tone: 'ringback' });
    engine.play(retriever.leg, { kind: 'clip', clip: made.value, loop: true });
    clock.advance(40);
    engine.bridge(caller.leg, retriever.leg);
    for (const { phone } of [caller, retriever]) phone.hears();
    clock.advance(100);
    expect(caller.phone.hears()).toEqual([]);
    expect(retriever.phone.hears()).toEqual([]);
  });

  it('hears its music until it hears itself, when bridged with itself', () => {
    const { clock, engine, caller } = parked();
    engine.bridge(caller.leg, caller.leg);
    clock.advance(40);
    caller.phone.speak();
    clock.advance(100);
    expect(caller.phone.hears()).toEqual([6, 7, 'A']);
  });
});
