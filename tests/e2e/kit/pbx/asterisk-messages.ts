/**
 * Every message of a scripted Asterisk 20 or later with chan_pjsip, each beside the public source that it follows: `res/…`, `main/…` and
 * `configs/…` are files of github.com/asterisk/asterisk, `pjsip/…` of github.com/pjsip/pjproject. What no source shows is called
 * `assumed…` and listed in the README.
 */
import { asteriskSlot } from '../../../fakes/pbx-documents.ts';
import type { PbxWords } from './scripted-dialog.ts';
import { headerOf, type SipText } from './sip-text.ts';

/**
 * Realm, user of its own Contact and name: `DEFAULT_REALM`, `DEFAULT_FROM_USER` and `DEFAULT_USERAGENT_PREFIX` of
 * `res/res_pjsip/config_global.c`. Allow: what its modules register with pjsip (`pjsip_endpt_add_capability`; `mod_inv_load` of
 * `pjsip/src/pjsip-ua/sip_inv.c` for INVITE to UPDATE).
 */
export const asteriskWords: PbxWords = {
  domain: 'pbx.test',
  realm: 'asterisk',
  contactUser: 'asterisk',
  onRequests: 'User-Agent: Asterisk PBX 22.5.0',
  onResponses: `
    Server: Asterisk PBX 22.5.0
    Allow: OPTIONS, REGISTER, SUBSCRIBE, NOTIFY, PUBLISH, INVITE, ACK, BYE, CANCEL, UPDATE, PRACK, MESSAGE, REFER
    Supported: 100rel, timer, replaces, norefersub`,
};

/**
 * `digest_check_auth` and `challenge` of `res/res_pjsip_authenticator_digest.c`: a 401 to every request outside a dialog, INVITE and
 * SUBSCRIBE included; MD5 alone unless `supported_algorithms_uas` says more; written by `pjsip_auth_srv_challenge2`
 * (`pjsip/src/pjsip/sip_auth_server.c`) with an opaque of its own and `qop="auth"`.
 */
export const challenge = (nonce: string): string =>
  `WWW-Authenticate: Digest realm="${asteriskWords.realm}",nonce="${nonce}",opaque="4a9c0d1e",algorithm=MD5,qop="auth"`;

/**
 * `register_aor_core` of `res/res_pjsip_registrar.c`: all contacts with the seconds left to them, a Date, and Expires where the phone sent
 * one, brought within `minimum_expiration` and `maximum_expiration` (`registrar_get_expiration`).
 */
export function registered(request: SipText, maximumS: number): string {
  const asked = Number(headerOf(request, 'Expires'));
  const expires = Math.min(asked, maximumS);
  const contact = headerOf(request, 'Contact').split(';expires=')[0] ?? '';
  const contacts = expires === 0 ? '' : `Contact: ${contact};expires=${expires}`;
  return `
    Date: Sun, 22 Nov 2026 12:00:00 GMT
    ${contacts}
    Expires: ${expires}`;
}

/**
 * `ast_sip_session_create_outgoing` of `res/res_pjsip_session.c`; the session timer is `pjsip_timer_init_session`'s. No identity
 * headers but From unless `send_pai` or `send_rpid` are set (`add_id_headers` of `res/res_pjsip_caller_id.c`).
 */
export const invite = `
  Allow: OPTIONS, REGISTER, SUBSCRIBE, NOTIFY, PUBLISH, INVITE, ACK, BYE, CANCEL, UPDATE, PRACK, MESSAGE, REFER
  Supported: 100rel, timer, replaces, norefersub
  Session-Expires: 1800
  Min-SE: 90`;

/** `pubsub_on_rx_subscribe_request` of `res/res_pjsip_pubsub.c` and `pjsip_evsub_accept`: 200 with Expires, as asked for up to 3600 (`DEFAULT_EXPIRES`). */
export const subscribed = (request: SipText): string => `Expires: ${headerOf(request, 'Expires')}`;

/**
 * Refusals of `res/res_pjsip_pubsub.c` and the modules below it: `new_subscribe` of `res/res_pjsip_exten_state.c` says 404 where the
 * extension has no hint; `mwi_new_subscribe` of `res/res_pjsip_mwi.c` says 404 where the AOR has no mailboxes; an event package that no
 * module handles is 489 (`subscription_get_handler_from_rdata`).
 */
export const refusal = {
  noHint: '404 Not Found',
  noMailbox: '404 Not Found',
  noPackage: '489 Bad Event',
} as const;

/** `send_notify` of `res/res_pjsip_pubsub.c`, headers by `pjsip_evsub_notify`; the document: see {@link asteriskSlot}. */
export const slotNotify = (slot: string, version: number, state: 'free' | 'taken') => ({
  headers: `
    Event: dialog
    Subscription-State: active;expires=599
    Allow-Events: presence, dialog, message-summary, refer
    Content-Type: application/dialog-info+xml`,
  body: asteriskSlot(slot, version, state),
});

/** `mwi_generate_body_content` of `res/res_pjsip_mwi_body_generator.c`. */
export const mailNotify = (waiting: number, old: number) => ({
  headers: `
    Event: message-summary
    Subscription-State: active;expires=599
    Allow-Events: presence, dialog, message-summary, refer
    Content-Type: application/simple-message-summary`,
  body: `Messages-Waiting: ${waiting > 0 ? 'yes' : 'no'}\r\nVoice-Message: ${waiting}/${old} (0/0)\r\n`,
});

/** `refer_progress_alloc` of `res/res_pjsip_refer.c`: the REFER is accepted before anything is tried; Expires by `pjsip_evsub_accept`. */
export const referAccepted = 'Expires: 600';

/**
 * `refer_progress_notify` of `res/res_pjsip_refer.c` and `pjsip_xfer_notify` (`pjsip/src/pjsip-ua/sip_xfer.c`): an Event without an id, a
 * sipfrag of one status line, no header of ours in it, `noresource` at the end.
 */
export function referNotify(status: string) {
  const over = !status.startsWith('1');
  return {
    headers: `
      Event: refer
      Subscription-State: ${over ? 'terminated;reason=noresource' : 'active;expires=600'}
      Allow-Events: presence, dialog, message-summary, refer
      Content-Type: message/sipfrag;version=2.0`,
    body: `SIP/2.0 ${status}\r\n`,
  };
}

/**
 * Asterisk sends whole documents only, one after the other. That a partial one comes is assumed of what stands between (a proxy, a
 * session border controller): RFC 4235 §4.2 lets it.
 */
export const assumedPartialNotify = (slot: string, version: number) => {
  const { headers, body } = slotNotify(slot, version, 'taken');
  return { headers, body: body.replace('state="full"', 'state="partial"') };
};
