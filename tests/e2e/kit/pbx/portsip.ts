import {
  assumedChallenge,
  assumedInvite,
  assumedParkInfo,
  assumedReferNotify,
  assumedRefusal,
  assumedRegistered,
  assumedWords,
} from './portsip-messages.ts';
import type { ScriptedCall } from './scripted-call.ts';
import { ScriptedPbx, type PbxScript } from './scripted-pbx.ts';
import { headerOf, uriOf, type SipText } from './sip-text.ts';
import { ANNOUNCER, VoicedCalls, type VoicedCaller } from './voiced-calls.ts';

/** JsSIP's shortest, so that the refresh is part of every test. */
const REGISTRATION_S = 10;
const EXTENSIONS = ['101', '102', '103'];

/** Calls parked on extensions, as PortSIP's guide describes them, behind a scripted PortSIP PBX. */
export class ScriptedPortSip {
  #pbx: ScriptedPbx | null = null;
  /** By extension, oldest first. */
  readonly #parked = new Map<string, VoicedCaller[]>();
  readonly #calls = new VoicedCalls();
  /** Assumed: some systems hang up on the parker as soon as they have taken the REFER, and never say how it went. */
  hangsUpOnRefer = false;

  static async start(): Promise<ScriptedPortSip> {
    const portsip = new ScriptedPortSip();
    portsip.#pbx = await ScriptedPbx.start(portsip.#script());
    return portsip;
  }

  get pbx(): ScriptedPbx {
    if (this.#pbx === null) throw new Error('not started');
    return this.#pbx;
  }

  parkedOn(extension: string): number {
    return this.#parked.get(extension)?.length ?? 0;
  }

  ring(user: string, caller: VoicedCaller): Promise<ScriptedCall> {
    return this.#calls.ring(this.pbx, user, caller);
  }

  /** The server dies; what was parked is lost with it. */
  async restart(): Promise<void> {
    await this.pbx.stop();
    this.#parked.clear();
    await this.pbx.startAgain();
  }

  async close(): Promise<void> {
    await this.#pbx?.close();
  }

  #script(): PbxScript {
    return {
      words: assumedWords,
      speakers: ['client', 'second client', ANNOUNCER],
      challenge: (_request, nonce) => assumedChallenge(nonce),
      registered: (request) => assumedRegistered(request, REGISTRATION_S),
      invite: () => assumedInvite,
      judge: () => assumedRefusal,
      tell: () => undefined,
      dialled: (call, digits) => this.#dialled(call, digits),
      referred: (call, refer) => this.#referred(call, refer),
    };
  }

  /** "Retrieve a parked call": `*88`, `*88<extension>`. Assumed: where nobody waits an announcement says so. */
  #dialled(call: ScriptedCall, digits: string): void {
    const extension = digits === '*88' ? call.user : digits.replace(/^\*88/, '');
    const caller = this.#parked.get(extension)?.shift();
    if (caller === undefined) this.#calls.sayNobody(call);
    else this.#calls.connect(call, caller);
  }

  /** "Park a call": a transfer to `*68`, `*68<extension>`. */
  #referred(call: ScriptedCall, refer: SipText): void {
    const { dialog } = call;
    const target = decodeURIComponent(uriOf(headerOf(refer, 'Refer-To')));
    const digits = /^sip:\*68(\d*)@/.exec(target)?.[1];
    const extension = digits === '' ? call.user : digits;
    this.pbx.respond(refer, dialog.phone, { status: '202 Accepted' });
    const notify = (status: string) => {
      const { headers, body } = assumedReferNotify(refer, status);
      dialog.send('NOTIFY', headers, body);
    };
    notify('100 Trying');
    const caller = this.#calls.callerOf(call);
    if (caller === undefined || extension === undefined || !EXTENSIONS.includes(extension))
      return notify('404 Not Found');
    this.#parked.set(extension, [...(this.#parked.get(extension) ?? []), caller]);
    if (this.hangsUpOnRefer) call.hangUp();
    else notify('200 OK');
    if (this.pbx.isSignedIn(extension)) this.pbx.sendAlone(extension, assumedParkInfo(extension));
  }
}
