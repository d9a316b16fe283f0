import { describe, expect, it } from 'vitest';
import { makeRequest } from '../../../../../shared/sip/message/builders.ts';
import type { SipRequest } from '../../../../../shared/sip/message/message.ts';
import { withTag } from '../../../../../shared/sip/message/name-addr.ts';
import { CallWorld } from '../../../../fakes/call-world.ts';
import { addressOf, SDP, uriOf } from '../../../../fakes/phone-line.ts';
import type { SipPhone } from '../../../../fakes/sip-phone.ts';
import type { ExtraHeaders } from '../../../../../shared/sip/transaction/transaction-user.ts';

function exchange() {
  const world = new CallWorld(['101', '102', '103']);
  return { world, bob: world.phone('101'), alice: world.phone('102') };
}

/** Bob calls Alice, whose phone rings. */
async function ringing(offerless = false) {
  const { world, bob, alice } = exchange();
  const dialled = bob.dial('102', { offerless });
  const atAlice = await alice.nextCall();
  atAlice.ring();
  await dialled.ringing();
  return { world, bob, alice, dialled, atAlice };
}

async function talking() {
  const set = await ringing();
  const atAlice = set.atAlice.answer();
  const atBob = await set.dialled.answered();
  await set.world.pass(5);
  return { ...set, atBob, atAlice };
}

const OFFER = {
  body: 'v=0\r\no=- 9 9 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n',
  contentType: SDP,
};

/** SRTP keys of a suite that nobody offered (RFC 4568). */
const SILENT_ANSWER =
  'v=0\r\no=- 9 9 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/SAVP 0\r\na=crypto:9 F8_128_HMAC_SHA1_80 inline:AAAA\r\n';

describe('an UPDATE before the answer (RFC 3311 §5.2)', () => {
  it('is 500 with Retry-After when the caller’s offer in the INVITE is still open', async () => {
    const { dialled, atAlice } = await ringing();
    const refused = await dialled.requestEarly('UPDATE', OFFER);
    expect(refused.status).toBe(500);
    expect(Number(refused.headers.get('Retry-After'))).toBeLessThanOrEqual(10);
    atAlice.answer();
    await dialled.answered();
  });

  it('is 491 when the offer will be ours', async () => {
    const { dialled } = await ringing(true);
    expect((await dialled.requestEarly('UPDATE', OFFER)).status).toBe(491);
  });

  it('is 491 from the phone that was made our offer', async () => {
    const { alice, atAlice, dialled } = await ringing();
    const update = atAlice.dialog?.createRequest('UPDATE', OFFER);
    if (update === undefined) throw new Error('no early dialog');
    expect((await alice.send(update)).status).toBe(491);
    atAlice.answer();
    await dialled.answered();
  });

  it('without an offer is 200 on either side', async () => {
    const { alice, atAlice, dialled } = await ringing();
    const update = atAlice.dialog?.createRequest('UPDATE');
    if (update === undefined) throw new Error('no early dialog');
    expect((await alice.send(update)).status).toBe(200);
    expect((await dialled.requestEarly('UPDATE')).status).toBe(200);
  });
});

describe('what is heard before the answer', () => {
  const bridged = (world: CallWorld) =>
    world.media.openLegs.filter(({ hearing }) => hearing.kind === 'bridge').length;

  it('is the phone, when 183 with its voice follows 180', async () => {
    const { world, atAlice, dialled } = await ringing();
    atAlice.ringAloud();
    await dialled.ringing(183);
    expect(bridged(world)).toBe(2);
  });

  it('stays the phone, when 180 or another 183 follows 183', async () => {
    const { world, bob, alice } = exchange();
    const dialled = bob.dial('102');
    const atAlice = await alice.nextCall();
    atAlice.ringAloud();
    const { text } = await dialled.ringing(183);
    atAlice.ring();
    atAlice.ringAloud({ toTag: 'another-fork' });
    await world.pass(20);
    expect(bridged(world)).toBe(2);
    atAlice.answer();
    await dialled.answered();
    expect(dialled.final?.text).toBe(text);
  });

  it('is the last phone that rings, when the others have refused', async () => {
    const { world, bob, alice } = exchange();
    const laptop = world.phone('102');
    const dialled = bob.dial('102');
    const [atDesk, atLaptop] = [await alice.nextCall(), await laptop.nextCall()];
    atDesk.refuse(486);
    await world.pass(20);
    atLaptop.ringAloud();
    await dialled.ringing(183);
    expect(bridged(world)).toBe(2);
  });
});

describe('an answer that cannot be used', () => {
  it('is acknowledged and ended by a BYE that says so, and the caller is told 488', async () => {
    const { world, dialled, atAlice } = await ringing();
    const atAlices = atAlice.answer([], SILENT_ANSWER);
    await world.pass(20);
    expect(atAlices.bye?.headers.get('Reason')).toContain('cause=488');
    expect(dialled.final?.status).toBe(488);
  });
});

describe('reliable provisional responses (RFC 3262)', () => {
  it('are not ours to give: 420 where they are required', async () => {
    const { bob, alice } = exchange();
    const refused = await bob.dial('102', { headers: [['Require', '100rel']] }).finished();
    expect(refused.status).toBe(420);
    expect(refused.headers.get('Unsupported')).toBe('100rel');
    expect(alice.incoming).toEqual([]);
  });

  it('are not sent where they are only offered', async () => {
    const { bob, alice } = exchange();
    const dialled = bob.dial('102', { headers: [['Supported', '100rel']] });
    (await alice.nextCall()).ring();
    const progress = await dialled.ringing();
    expect(progress.headers.has('Require')).toBe(false);
    expect(progress.headers.has('RSeq')).toBe(false);
  });
});

describe('a CANCEL that crosses the answer', () => {
  it('of the caller is too late: the call stands until its BYE (RFC 3261 §9.2)', async () => {
    const { world, dialled, atAlice } = await ringing();
    const callee = atAlice.answer();
    dialled.cancel();
    const caller = await dialled.answered();
    await world.pass(50);
    expect([caller.ended, callee.ended]).toEqual([false, false]);
    await caller.hangUp();
    await callee.byeReceived();
  });

  it('of ours is followed by BYE: nobody waits for the phone any more', async () => {
    const { world, dialled, atAlice } = await ringing();
    atAlice.onCancelled = () => void atAlice.answer();
    dialled.cancel();
    expect((await dialled.finished()).status).toBe(487);
    await world.pass(50);
    expect(atAlice.phone).toBeDefined();
    const [call] = (atAlice.phone as SipPhone).calls;
    expect(call?.bye?.headers.get('Reason')).toContain('Caller hung up');
    expect(world.openLegs).toBe(0);
  });
});

describe('a request inside a call', () => {
  it('with a CSeq below the last is 500, and changes nothing', async () => {
    const { bob, atBob, atAlice } = await talking();
    const old = atBob.dialog.createRequest('BYE');
    expect((await atBob.request('OPTIONS')).status).toBe(200);
    expect((await bob.send(old)).status).toBe(500);
    expect(atAlice.ended).toBe(false);
  });

  it.each(['BYE', 'INFO', 'UPDATE', 'REFER', 'OPTIONS', 'NOTIFY'])(
    'that is over is 481: %s',
    async (method) => {
      const { bob, atBob } = await talking();
      await atBob.hangUp();
      const headers: ExtraHeaders = method === 'REFER' ? [['Refer-To', '<sip:103@pbx.test>']] : [];
      const late = atBob.dialog.createRequest(method, { headers });
      expect((await bob.send(late)).status).toBe(481);
    },
  );
});

describe('an INVITE that comes back', () => {
  /** The INVITE as another server would send it to us: same Call-ID, same From, another Via. */
  function returned(request: SipRequest, to: string): SipRequest {
    return makeRequest({
      method: 'INVITE',
      uri: uriOf(to),
      from: request.from,
      to: request.to,
      callId: request.callId,
      cseq: request.cseq.sequence,
      contact: addressOf('<sip:proxy@198.51.100.7>'),
      body: request.text,
      contentType: SDP,
    });
  }

  it('for whom it was is a loop: 482, and it still rings', async () => {
    const { bob, atAlice } = await ringing();
    const { request } = atAlice;
    expect((await bob.send(returned(request, 'sip:102@pbx.test'))).status).toBe(482);
    expect(atAlice.cancelled).toBeUndefined();
  });

  it('for somebody else was forwarded out there, and is a call', async () => {
    const { world, bob, atAlice } = await ringing();
    const carol = world.phone('103');
    void bob.send(returned(atAlice.request, 'sip:103@pbx.test')).catch(() => undefined);
    expect((await carol.nextCall()).request.to.uri.user).toBe('103');
  });

  it('by two ways is one call and a 482 (RFC 3261 §8.2.2.2)', async () => {
    const { bob } = exchange();
    const invite = makeRequest({
      method: 'INVITE',
      uri: uriOf('sip:102@pbx.test'),
      from: withTag(addressOf('<sip:101@pbx.test>'), 'once'),
      to: addressOf('<sip:102@pbx.test>'),
      callId: 'twice',
      cseq: 1,
      contact: addressOf(bob.contact),
      ...OFFER,
    });
    void bob.send(invite).catch(() => undefined);
    expect((await bob.send(invite)).status).toBe(482);
  });

  it('ends somewhere: each time it may be passed on once less, and not at all at 0', async () => {
    const { bob, alice } = exchange();
    bob.dial('102', { maxForwards: 5 });
    expect((await alice.nextCall()).request.maxForwards).toBe(4);
    expect((await bob.dial('102', { maxForwards: 0 }).finished()).status).toBe(483);
  });
});

describe('a caller’s privacy', () => {
  const shown = async (headers: ExtraHeaders): Promise<string> => {
    const { bob, alice } = exchange();
    bob.dial('102', { headers });
    const { request } = await alice.nextCall();
    return `${request.from.uri.user} ${request.headers.get('P-Asserted-Identity')}`;
  };

  it.each(['id', 'user', 'header', 'id;critical', 'header; user;session'])(
    'is kept for Privacy: %s',
    async (value) => {
      const seen = await shown([['Privacy', value]]);
      expect(seen).toBe('anonymous "Anonymous" <sip:anonymous@anonymous.invalid>');
    },
  );

  it.each(['none', 'session', 'something'])('is not asked for by Privacy: %s', async (value) => {
    expect(await shown([['Privacy', value]])).toBe('101 "User 101" <sip:101@pbx.test>');
  });

  it('is kept for a phone whose From says nothing', async () => {
    const { world, alice } = exchange();
    const shy = world.phone('103', 'udp', undefined, { domain: 'anonymous.invalid' });
    shy.dial('sip:102@pbx.test');
    const { request } = await alice.nextCall();
    expect(request.headers.get('P-Asserted-Identity')).toContain('anonymous.invalid');
  });

  it('that we do not know is passed over, unless it is critical: 500, naming it (RFC 3323 §5)', async () => {
    const { bob, alice } = exchange();
    const headers = [['Privacy', 'id;invisible;critical']] as const;
    const refused = await bob.dial('102', { headers }).finished();
    expect(refused.status).toBe(500);
    expect(refused.headers.get('Reason')).toContain('invisible');
    expect(alice.incoming).toEqual([]);
  });
});
