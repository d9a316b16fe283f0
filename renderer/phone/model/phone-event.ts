import type { Call } from '../../../shared/phone/call.ts';
import type { BoardEffect } from '../../../shared/phone/park-board.ts';
import type { NoticeContent } from './notice.ts';

/** What ringer, chime, notifier, history and announcer listen to; none of them knows of the others. */
export type PhoneEvent =
  | { readonly kind: 'board'; readonly effect: BoardEffect }
  | { readonly kind: 'call-came'; readonly call: Call }
  | { readonly kind: 'call-ended'; readonly call: Call }
  | { readonly kind: 'digit'; readonly digit: string }
  | { readonly kind: 'notice'; readonly what: NoticeContent };
