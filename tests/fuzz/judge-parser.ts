import { isDeepStrictEqual } from 'node:util';
import { readRemoteAudio } from '../../shared/media/embedded/sdp/remote-audio.ts';
import { parseChallenge } from '../../shared/sip/digest/challenge.ts';
import { parseCredentials } from '../../shared/sip/digest/credentials.ts';
import { parseDialogInfo } from '../../shared/sip/events/dialog-info-reader.ts';
import { parseEvent } from '../../shared/sip/events/event-header.ts';
import { parseSipfrag } from '../../shared/sip/events/sipfrag.ts';
import { parseSubscriptionState } from '../../shared/sip/events/subscription-state.ts';
import { assertedIdentities, privacyOf } from '../../shared/sip/message/identity.ts';
import { MessageFramer } from '../../shared/sip/message/message-framer.ts';
import type { SipMessage } from '../../shared/sip/message/message.ts';
import { parseParkNote, parseParkRecall } from '../../shared/sip/message/park-headers.ts';
import { parseMessage } from '../../shared/sip/message/parse-message.ts';
import { parseReasons } from '../../shared/sip/message/reason.ts';
import { readReferTo } from '../../shared/sip/message/refer-to.ts';
import { parseReplaces } from '../../shared/sip/message/replaces.ts';
import { parseSessionExpires } from '../../shared/sip/message/seconds.ts';
import { serializeMessage } from '../../shared/sip/message/serialize.ts';
import { userOf } from '../../shared/sip/message/uri.ts';

/** Far beyond what any datagram needs; a machine under load does not reach it. */
const SLOW_MS = 500;

/** What is wrong with how these bytes were read; undefined: nothing. */
export function judgeParser(bytes: Uint8Array): string | undefined {
  const begin = performance.now();
  try {
    const outcome = parseMessage(bytes, { framing: 'datagram' });
    const trouble = outcome.kind === 'message' ? judgeMessage(outcome.message) : undefined;
    if (trouble !== undefined) return trouble;
    if (!isDeepStrictEqual(framed([bytes]), framed(pieces(bytes)))) {
      return 'a stream in pieces is read otherwise than whole';
    }
  } catch (error) {
    return `it threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
  const spent = performance.now() - begin;
  return spent > SLOW_MS ? `it took ${Math.round(spent)} ms` : undefined;
}

function judgeMessage(message: SipMessage): string | undefined {
  readEverything(message);
  const written = serializeMessage(message);
  const again = parseMessage(written, { framing: 'stream' });
  if (again.kind !== 'message') return `what we write of it is ${again.kind}`;
  if (again.message.kind !== message.kind) return 'it changed its kind';
  if (!isDeepStrictEqual(fieldsOf(again.message), fieldsOf(message))) return 'its header changed';
  return Buffer.compare(again.message.body, message.body) === 0 ? undefined : 'its body changed';
}

const fieldsOf = ({ headers }: SipMessage) =>
  headers
    .entries()
    .filter(({ name }) => name !== 'Content-Length')
    .map(({ name, value }) => [name, value]);

/** Every typed reading there is: none may throw, whatever the bytes. */
function readEverything(message: SipMessage): void {
  const { headers } = message;
  void [message.via, message.vias, message.from, message.to, message.contact, message.contacts];
  void [message.cseq, message.callId, message.routes, message.recordRoutes, message.maxForwards];
  void [message.supported, message.require, message.allow, message.contentType, message.text];
  if (message.kind === 'request') userOf(message.uri);
  readReferTo(headers);
  assertedIdentities(headers);
  privacyOf(headers);
  for (const { value } of headers) for (const read of VALUE_READERS) read(value);
  for (const read of BODY_READERS) read(message.text);
}

const VALUE_READERS: readonly ((value: string) => unknown)[] = [
  parseCredentials,
  parseChallenge,
  parseEvent,
  parseSubscriptionState,
  parseParkNote,
  parseParkRecall,
  parseReasons,
  parseReplaces,
  parseSessionExpires,
];
const BODY_READERS: readonly ((text: string) => unknown)[] = [
  parseDialogInfo,
  parseSipfrag,
  readRemoteAudio,
];

function framed(parts: readonly Uint8Array[]): readonly string[] {
  const framer = new MessageFramer();
  return parts
    .flatMap((part) => framer.push(part))
    .map((outcome) =>
      outcome.kind === 'message'
        ? `${outcome.message.callId} ${outcome.message.body.length}`
        : `${outcome.kind} ${'reason' in outcome ? outcome.reason : ''}`,
    )
    .filter((kind) => !kind.startsWith('ping'));
}

function pieces(bytes: Uint8Array): readonly Uint8Array[] {
  const size = 1 + (bytes.length % 37);
  const cut: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) cut.push(bytes.slice(at, at + size));
  return cut;
}
