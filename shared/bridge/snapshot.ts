/** A card as the tray, the notifier and small windows need it. */
export interface ParkedSummary {
  readonly parkId: string;
  readonly callerName: string;
  readonly callerNumber: string;
  readonly slot: string;
  /** Wall clock, milliseconds since 1970 (UTC). */
  readonly parkedAt: number;
  readonly state: 'parked' | 'recalling' | 'retrieving';
}

export interface CallSummary {
  readonly callId: string;
  readonly direction: 'incoming' | 'outgoing';
  readonly name: string;
  readonly number: string;
  readonly state: 'ringing' | 'calling' | 'talking' | 'held' | 'ending';
  /** A recall names the slot the caller was parked on. */
  readonly recallSlot: string | null;
}

/** Words for what main shows itself; main has no messages of its own. */
export interface DesktopLabels {
  readonly show: string;
  readonly quit: string;
  readonly answer: string;
  readonly hangUp: string;
  readonly mute: string;
  readonly unmute: string;
  readonly retrieveOldest: string;
  readonly nothingParked: string;
  /** One line for the tray's tool tip and the badge's description, e.g. "Parkline · 101 · 2 parked calls". */
  readonly status: string;
  /** Said once when closing the window hides it. */
  readonly hiddenToTray: string;
  readonly decline: string;
  readonly retrieve: string;
  /** Takes one alert off the small window; the call goes on. */
  readonly hide: string;
  /** What a screen reader calls the small window. */
  readonly alerts: string;
  /** In the place of `status` while the page is down. */
  readonly windowDown: string;
  /** The page crashed too often to be started again unasked. */
  readonly crashedOften: string;
  readonly startAgain: string;
}

/** One line of the small window: a call that wants an answer, or one that was just parked for this user. */
export type PhoneAlert =
  | {
      readonly kind: 'incoming';
      readonly callId: string;
      readonly title: string;
      readonly body: string;
      /** A parked call that comes back to its parker. */
      readonly recall: boolean;
    }
  | {
      readonly kind: 'parked';
      readonly parkId: string;
      readonly title: string;
      readonly body: string;
    };

/** How views show it: the phone's own choice of language and colours. */
export interface PhoneLook {
  /** BCP 47 tag. */
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly theme: 'system' | 'light' | 'dark';
}

/** All that views over the phone may know: a whole snapshot each time, `sequence` only ever grows. */
export interface PhoneSnapshot {
  readonly sequence: number;
  readonly accountKey: string | null;
  readonly extension: string | null;
  readonly registration: 'signed-out' | 'connecting' | 'registered' | 'offline' | 'refused';
  /** `unknown` is not empty: the badge then shows no number. */
  readonly parkList: 'unknown' | 'live';
  /** How many calls are known to wait; 0 while the list is unknown. */
  readonly waiting: number;
  /** The first of them, 1,000 at most, oldest first. */
  readonly parked: readonly ParkedSummary[];
  readonly calls: readonly CallSummary[];
  readonly muted: boolean;
  /** What the small window shows, in the order in which it came; empty when the user wants no such window. */
  readonly alerts: readonly PhoneAlert[];
  readonly look: PhoneLook;
  readonly labels: DesktopLabels;
}
