/**
 * What other telephone systems say of parked calls, as their public sources have it. What no public source shows is called
 * `assumed…` and listed in the README.
 */

/**
 * Asterisk's NOTIFY for a parking slot's hint. Source: `res/res_pjsip_dialog_info_body_generator.c` of asterisk/asterisk: `version`
 * counts from 0 per subscription, `state` is always `full`, the one dialog's `id` is the extension watched, and nothing is said of
 * who is there. Which state means what: `ast_sip_presence_exten_state_to_str` in `res/res_pjsip/presence_xml.c` (in use is
 * `confirmed`, not in use is `terminated`); a parked call makes `park:701@parkedcalls` in use (`res/parking/parking_devicestate.c`).
 */
export function asteriskSlot(slot: string, version: number, state: 'free' | 'taken'): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="${version}" state="full" entity="sip:${slot}@pbx.test">
 <dialog id="${slot}">
  <state>${state === 'taken' ? 'confirmed' : 'terminated'}</state>
 </dialog>
</dialog-info>
`;
}
