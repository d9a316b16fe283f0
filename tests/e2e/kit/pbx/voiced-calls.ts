import type { Speaker } from '../voices.ts';
import type { ScriptedCall } from './scripted-call.ts';
import type { Caller, ScriptedPbx } from './scripted-pbx.ts';

/** A caller of the scripted PBX, with a voice. */
export interface VoicedCaller extends Caller {
  readonly voice: Speaker;
}

/** The voice of announcements: a slot's number, or that nobody is parked there. */
export const ANNOUNCER: Speaker = '103';
export const ANNOUNCEMENT_MS = 1_500;

/** Who is at the other end of the phones' calls, and is heard there. */
export class VoicedCalls {
  readonly #callers = new Map<ScriptedCall, VoicedCaller>();

  /** A call rings and is answered; the phone hears who calls. */
  async ring(pbx: ScriptedPbx, user: string, caller: VoicedCaller): Promise<ScriptedCall> {
    const call = await pbx.ring(user, caller);
    this.connect(call, caller);
    return call;
  }

  connect(call: ScriptedCall, caller: VoicedCaller): void {
    this.#callers.set(call, caller);
    call.play(caller.voice);
  }

  /** Nobody is there to be connected: that is said, and the call ends. */
  sayNobody(call: ScriptedCall): void {
    call.play(ANNOUNCER);
    setTimeout(() => call.hangUp(), ANNOUNCEMENT_MS);
  }

  callerOf(call: ScriptedCall): VoicedCaller | undefined {
    return this.#callers.get(call);
  }

  get all(): readonly ScriptedCall[] {
    return [...this.#callers.keys()];
  }
}
