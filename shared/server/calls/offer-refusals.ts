import { SDP } from './sdp-body.ts';

/** A body that we do not read, and that may not be passed over (RFC 3261 §8.2.3). */
export const FOREIGN_BODY = {
  status: 415,
  text: 'Only SDP is understood',
  headers: [
    ['Accept', SDP],
    ['Accept-Encoding', 'identity'],
  ],
} as const;

/** The caller wants no session description back, and we speak nothing else. */
export const NO_SDP_WANTED = { status: 406, text: 'Only SDP is spoken' } as const;
