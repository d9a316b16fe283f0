import { once, EventEmitter } from 'node:events';
import type { PbxLeg, PbxSound, Sound } from './pbx-sound.ts';
import type { ScriptedDialog } from './scripted-dialog.ts';

/** A call between a phone and the PBX: a dialog, and what the phone hears on it. */
export class ScriptedCall {
  readonly dialog: ScriptedDialog;
  /** Whose phone it is with. */
  readonly user: string;
  readonly leg: PbxLeg;
  readonly #sound: PbxSound;
  readonly #events = new EventEmitter();
  #over = false;

  constructor(parts: {
    readonly dialog: ScriptedDialog;
    readonly user: string;
    readonly leg: PbxLeg;
    readonly sound: PbxSound;
  }) {
    this.dialog = parts.dialog;
    this.user = parts.user;
    this.leg = parts.leg;
    this.#sound = parts.sound;
  }

  get over(): boolean {
    return this.#over;
  }

  /** From now on the phone hears that. */
  play(sound: Sound): void {
    if (!this.#over) this.#sound.play(this.leg, sound);
  }

  /** BYE. */
  hangUp(): void {
    if (this.#over) return;
    this.dialog.send('BYE', '');
    this.close();
  }

  /** Either side has ended it. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.leg.close();
    this.#events.emit('over');
  }

  async ended(): Promise<void> {
    if (!this.#over) await once(this.#events, 'over');
  }
}
