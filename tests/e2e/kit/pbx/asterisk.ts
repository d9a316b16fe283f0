import {
  assumedPartialNotify,
  asteriskWords,
  challenge,
  invite,
  mailNotify,
  referAccepted,
  referNotify,
  refusal,
  registered,
  slotNotify,
  subscribed,
} from './asterisk-messages.ts';
import type { ScriptedCall } from './scripted-call.ts';
import { ScriptedPbx, type PbxScript, type ScriptedSubscription } from './scripted-pbx.ts';
import { dialledOf, headerOf, uriOf, type SipText } from './sip-text.ts';
import { ANNOUNCEMENT_MS, ANNOUNCER, VoicedCalls, type VoicedCaller } from './voiced-calls.ts';

export interface AsteriskOptions {
  /** `parkpos`, each slot. */
  readonly slots: readonly string[];
  /** `parkinghints`; Asterisk's default is no, FreePBX's yes. */
  readonly hints: 'yes' | 'no';
  /** `mailboxes` of the AOR: messages that wait; `null`: no mailbox. */
  readonly mail: number | null;
}

/** `parkext` of `configs/samples/res_parking.conf.sample`. */
const PARK = '700';
/** Registrations are short, so that their refresh is part of every test; JsSIP takes 10 s for the shortest. */
const REGISTRATION_S = 10;

/** A parking lot as `res/res_parking.c` has it, behind a scripted Asterisk. */
export class ScriptedAsterisk {
  readonly #options: AsteriskOptions;
  #pbx: ScriptedPbx | null = null;
  /** Who waits in which slot; everybody else's calls are kept as a voice alone. */
  readonly #lot = new Map<string, VoicedCaller>();
  readonly #calls = new VoicedCalls();
  /** Slots that an attended transfer is parked in: the Park application's own call. */
  readonly #parking = new Map<ScriptedCall, string>();

  private constructor(options: AsteriskOptions) {
    this.#options = options;
  }

  static async start(options: AsteriskOptions): Promise<ScriptedAsterisk> {
    const asterisk = new ScriptedAsterisk(options);
    asterisk.#pbx = await ScriptedPbx.start(asterisk.#script());
    return asterisk;
  }

  get pbx(): ScriptedPbx {
    if (this.#pbx === null) throw new Error('not started');
    return this.#pbx;
  }

  get taken(): readonly string[] {
    return [...this.#lot.keys()];
  }

  /** A call rings and is answered; the phone hears who calls. */
  ring(user: string, caller: VoicedCaller): Promise<ScriptedCall> {
    return this.#calls.ring(this.pbx, user, caller);
  }

  /** Somebody without a part in the test parks a call, by the lot's own rule. */
  parkElsewhere(caller: VoicedCaller): string {
    return this.#park(caller) ?? 'full';
  }

  /** The caller hangs up, or somebody else takes the call (`bridge_parking_pull` of `res/parking/parking_bridge.c`). */
  free(slot: string): void {
    this.#lot.delete(slot);
    this.#tellSlot(slot);
  }

  /** Somebody took the call, and the phone does not know yet. */
  freeInSilence(slot: string): void {
    this.#lot.delete(slot);
  }

  /** `parkingtime` is over and `comebacktoorigin=yes`: the call rings the parker as any call does (`res_parking.conf.sample`). */
  async timeOut(slot: string, parker: string): Promise<ScriptedCall> {
    const caller = this.#lot.get(slot);
    if (caller === undefined) throw new Error(`nobody waits in ${slot}`);
    this.free(slot);
    return this.ring(parker, caller);
  }

  /** The last document of that slot once more, as if it had overtaken the newer one. */
  repeatOldDocument(slot: string): void {
    for (const each of this.#watching(slot)) {
      const old = slotNotify(slot, Math.max(0, each.sent - 2), 'taken');
      each.dialog.send('NOTIFY', old.headers, old.body);
    }
  }

  /** A partial document after one that was lost. */
  sendPartialAfterLoss(slot: string): void {
    for (const each of this.#watching(slot)) {
      const { headers, body } = assumedPartialNotify(slot, each.sent + 3);
      each.dialog.send('NOTIFY', headers, body);
    }
  }

  /** `core restart now`: whoever was parked is lost with it. */
  async restart(): Promise<void> {
    await this.pbx.stop();
    this.#lot.clear();
    await this.pbx.startAgain();
  }

  async close(): Promise<void> {
    await this.#pbx?.close();
  }

  #script(): PbxScript {
    return {
      words: asteriskWords,
      speakers: ['client', 'second client', ANNOUNCER],
      challenge: (_request, nonce) => challenge(nonce),
      registered: (request) => registered(request, REGISTRATION_S),
      invite: () => invite,
      judge: (request) => this.#judge(request),
      tell: (subscription) => this.#tell(subscription),
      dialled: (call, digits) => this.#dialled(call, digits),
      referred: (call, refer) => void this.#referred(call, refer),
    };
  }

  #judge(request: SipText): { readonly status: string; readonly headers: string } {
    const { hints, slots, mail } = this.#options;
    const refused = (status: string) => ({ status, headers: '' });
    switch (headerOf(request, 'Event')) {
      case 'dialog':
        if (hints === 'no' || !slots.includes(dialledOf(request))) return refused(refusal.noHint);
        break;
      case 'message-summary':
        if (mail === null) return refused(refusal.noMailbox);
        break;
      default:
        return refused(refusal.noPackage);
    }
    return { status: '200 OK', headers: subscribed(request) };
  }

  #tell(subscription: ScriptedSubscription): void {
    const { resource, event, dialog, sent } = subscription;
    subscription.sent += 1;
    const { headers, body } =
      event === 'dialog'
        ? slotNotify(resource, sent, this.#lot.has(resource) ? 'taken' : 'free')
        : mailNotify(this.#options.mail ?? 0, 0);
    dialog.send('NOTIFY', headers, body);
  }

  #tellSlot(slot: string): void {
    for (const each of this.#watching(slot)) this.#tell(each);
  }

  #watching(slot: string): readonly ScriptedSubscription[] {
    return [...this.pbx.subscriptions.values()].filter(
      ({ resource, event }) => resource === slot && event === 'dialog',
    );
  }

  /** `parking_lot_get_space` with `findslot = first`; the hint follows (`parking_notify_metermaids`). `null`: all full. */
  #park(caller: VoicedCaller): string | null {
    const slot = this.#options.slots.find((each) => !this.#lot.has(each));
    if (slot === undefined) return null;
    this.#lot.set(slot, caller);
    this.#tellSlot(slot);
    return slot;
  }

  /** The extensions that `parking_lot_cfg_create_extensions` (`res/res_parking.c`) makes: Park and ParkedCall. */
  #dialled(call: ScriptedCall, digits: string): void {
    if (digits === PARK) return this.#parkApplication(call);
    if (this.#options.slots.includes(digits)) return this.#parkedCall(call, digits);
    // No such extension (`404 Not Found`) is nothing that these tests dial.
    call.play(ANNOUNCER);
  }

  /** `park_app_exec` and `bridge_parking_push`: parks whoever dials, and tells them where. */
  #parkApplication(call: ScriptedCall): void {
    const slot = this.#park({ name: 'whoever dialled', number: '', voice: ANNOUNCER });
    if (slot !== null) this.#parking.set(call, slot);
    call.play(ANNOUNCER);
  }

  /** `parked_call_app_exec` of `res/parking/parking_applications.c`: answers in any case; nobody there: says so and hangs up. */
  #parkedCall(call: ScriptedCall, slot: string): void {
    const caller = this.#lot.get(slot);
    if (caller === undefined) return this.#calls.sayNobody(call);
    this.#calls.connect(call, caller);
    this.free(slot);
  }

  async #referred(call: ScriptedCall, refer: SipText): Promise<void> {
    const { dialog } = call;
    this.pbx.respond(refer, dialog.phone, { status: '202 Accepted', headers: referAccepted });
    const notify = (status: string) => {
      const { headers, body } = referNotify(status);
      dialog.send('NOTIFY', headers, body);
    };
    notify('100 Trying');
    const target = uriOf(headerOf(refer, 'Refer-To'));
    const replaced = /[?&]Replaces=([^%;&]+)/i.exec(target)?.[1];
    if (replaced !== undefined) return this.#attended(call, replaced, notify);
    if (!target.startsWith(`sip:${PARK}@`)) return notify('404 Not Found');
    await this.#blind(call, notify);
  }

  /**
   * `parking_blind_transfer_park` of `res/parking/parking_bridge_features.c`: the parker hears the slot's number first, whole
   * (`parker_parked_call_message_response`), and only then comes the 200 (`refer_progress_framehook`). The call stays up until the phone's
   * BYE: `ast_sip_session_defer_termination` puts Asterisk's own off by 60 s.
   */
  async #blind(call: ScriptedCall, notify: (status: string) => void): Promise<void> {
    const caller = this.#calls.callerOf(call);
    if (caller === undefined || this.#park(caller) === null)
      return notify('500 Internal Server Error');
    call.play(ANNOUNCER);
    await new Promise((resolve) => setTimeout(resolve, ANNOUNCEMENT_MS));
    call.play('silence');
    notify('200 OK');
  }

  /**
   * `refer_attended_task`, `ast_bridge_transfer_attended` of `main/bridge.c`: of the phone's two calls one is parked, whichever the REFER
   * came on, and the caller of the other takes its place, so the slot stays the one that was told. BYE is put off for the call of the
   * REFER alone.
   */
  #attended(call: ScriptedCall, replaced: string, notify: (status: string) => void): void {
    const known = [...this.#calls.all, ...this.#parking.keys()];
    const other = known.find(({ dialog }) => dialog.callId === decodeURIComponent(replaced));
    const both = other === undefined ? [] : [call, other];
    const slot = both.map((each) => this.#parking.get(each)).find((each) => each !== undefined);
    const caller = both
      .map((each) => this.#calls.callerOf(each))
      .find((each) => each !== undefined);
    if (caller === undefined || slot === undefined) return notify('603 Declined');
    this.#lot.set(slot, caller);
    notify('200 OK');
    other?.hangUp();
  }
}
