import { CODECS_BEST_FIRST } from '../../media/engine.ts';
import type { IncomingInvite } from '../calls/incoming-invite.ts';
import type { Announcer } from './announcer.ts';
import { phraseOfRefusal, type Phrase } from './phrases.ts';

/**
 * Says why before the final answer does: 183 with our SDP, the announcement as early media (RFC 3960), then the refusal
 * itself. Phones and trunks play it by themselves, nothing is answered, and the caller's screen shows the real code. A
 * caller who made no offer, or offered nothing we can speak by, gets the code alone.
 */
export function speakRefusals(invite: IncomingInvite, announcer: Announcer): void {
  invite.beforeRefusal((refusal, refuse) =>
    announceEarly(invite, announcer, { phrase: phraseOfRefusal(refusal), refuse }),
  );
}

/** Says one phrase as early media, then lets `refuse` answer; at once where nothing can be said. */
export function announceEarly(
  invite: IncomingInvite,
  announcer: Announcer,
  { phrase, refuse }: { readonly phrase: Phrase; readonly refuse: () => void },
): void {
  const media = invite.media ?? mediaOf(invite);
  if (media === undefined || !invite.letHear(CODECS_BEST_FIRST)) return refuse();
  const language = invite.caller.tenant.settings.announcementLanguage;
  announcer.say(media, { language, phrases: [phrase] }, refuse);
}

function mediaOf(invite: IncomingInvite) {
  const prepared = invite.prepare('announcement');
  return prepared.ok ? prepared.value : undefined;
}
