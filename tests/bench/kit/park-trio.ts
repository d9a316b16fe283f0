import type { PhoneCall } from '../../fakes/phone-call.ts';
import { connectUdp } from '../../fakes/phone-connections.ts';
import { SipPhone } from '../../fakes/sip-phone.ts';
import type { ServerProcess } from './server-process.ts';

/** What phones need of a server, however it was started. */
export type UdpServer = Pick<ServerProcess, 'udpPort' | 'addUsers'>;

/** Registers an extension from a UDP socket of its own. */
export async function signIn(
  server: Pick<UdpServer, 'udpPort'>,
  extension: string,
): Promise<SipPhone> {
  const phone = new SipPhone(
    { user: extension, password: `secret-${extension}` },
    await connectUdp(server.udpPort),
  );
  await phone.register();
  return phone;
}

/** Someone who calls, someone who parks, someone who retrieves: scripted phones over UDP, without sound of their own. */
export class ParkTrio {
  readonly caller: SipPhone;
  readonly parker: SipPhone;
  readonly retriever: SipPhone;

  static async signedIn(
    server: UdpServer,
    extensions: readonly [caller: string, parker: string, retriever: string],
  ): Promise<ParkTrio> {
    await server.addUsers(extensions);
    const [caller, parker, retriever] = extensions;
    return new ParkTrio(
      await signIn(server, caller),
      await signIn(server, parker),
      await signIn(server, retriever),
    );
  }

  private constructor(caller: SipPhone, parker: SipPhone, retriever: SipPhone) {
    this.caller = caller;
    this.parker = parker;
    this.retriever = retriever;
  }

  /** The caller waits on the retriever's extension; gives the caller's leg. */
  async park(): Promise<PhoneCall> {
    const outgoing = this.caller.dial(this.parker.account.user);
    const incoming = await this.parker.nextCall();
    const atParker = incoming.answer();
    const atCaller = await outgoing.answered();
    await atParker.refer(`*68${this.retriever.account.user}`);
    const { status } = await atParker.referResult();
    if (status !== 200) throw new Error(`parking: ${status}`);
    // Told that the call is parked, a phone ends its own leg; the server would do so only a while later.
    await atParker.hangUp();
    return atCaller;
  }

  /** Call, answer, park by REFER, retrieve by code, hang up: every request that is challenged is sent twice. */
  async cycle(): Promise<void> {
    const atCaller = await this.park();
    const taken = await this.retriever.call('*88');
    await taken.hangUp();
    await atCaller.byeReceived();
    this.forget();
  }

  /** Ended calls would only be looked through again and again. */
  forget(): void {
    for (const phone of [this.caller, this.parker, this.retriever]) phone.calls.length = 0;
  }

  async close(): Promise<void> {
    for (const phone of [this.caller, this.parker, this.retriever]) await phone.close();
  }
}

/** Extensions that count up from one. */
export const extensionsFrom = (first: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => String(first + n));
