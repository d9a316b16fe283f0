import type { Call } from '../../../shared/phone/call.ts';
import type { QualitySummary } from '../../../shared/phone/call-quality.ts';
import type { BoardEffect } from '../../../shared/phone/park-board.ts';
import type { NoticeContent } from './notice.ts';

/** What ringer, chime, notifier, history and announcer listen to; none of them knows of the others. */
export type PhoneEvent =
  | { readonly kind: 'board'; readonly effect: BoardEffect }
  | { readonly kind: 'call-came'; readonly call: Call }
  /** `quality`: how it sounded; `null` when nothing was measured. */
  | { readonly kind: 'call-ended'; readonly call: Call; readonly quality: QualitySummary | null }
  /** It is answered without a press, because its caller's side asked for that and the user agreed beforehand. */
  | { readonly kind: 'auto-answered'; readonly call: Call }
  | { readonly kind: 'digit'; readonly digit: string }
  | { readonly kind: 'notice'; readonly what: NoticeContent };
