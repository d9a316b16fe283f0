import { z } from 'zod';

export const port = z.int().min(0, 'A port is 0 to 65535').max(65_535, 'A port is 0 to 65535');
export const address = z.string().min(1, 'An address is needed').max(253);

const ipAddress = z.union([z.ipv4(), z.ipv6()], { error: 'An IP address is needed' });

const mediaAddress = z
  .strictObject({
    /** IP address of this machine that media sockets are bound to; no wildcard. */
    bind: ipAddress.refine(
      (bind) => bind !== '0.0.0.0' && bind !== '::',
      'Media needs one address of this machine, not a wildcard',
    ),
    /** IP address told to phones instead, in SDP, Via and Contact: 1:1 NAT, containers. Default: `bind`. */
    advertise: ipAddress.optional(),
    /** UDP port shared by all WebRTC legs of this address, 0–65535; default 0, which takes a free one. */
    webrtcPort: port.default(0),
  })
  .readonly();

const distinct = (pairs: readonly { readonly bind: string }[]) =>
  new Set(pairs.map(({ bind }) => bind)).size === pairs.length;

/** Where audio goes through, and what is played to callers who wait. */
export const mediaConfigSchema = z
  .strictObject({
    /**
     * Addresses of audio, best first; 1–16, default the IP addresses of `listen`. A leg takes the one its signalling
     * came by, else one of the peer's family, else the first.
     */
    addresses: z
      .array(mediaAddress)
      .min(1, 'At least one media address is needed')
      .max(16)
      .refine(distinct, 'One address is named twice')
      .readonly()
      .optional(),
    /**
     * First and last UDP port of plain RTP legs, two ports per leg and address; 0–65535, default 16384–32767 (both 0
     * means the same).
     */
    rtpPorts: z
      .strictObject({ first: port, last: port })
      .refine((range) => range.first <= range.last, 'The first port is after the last')
      .readonly()
      .default({ first: 0, last: 0 }),
    /** WAV file of the music on hold: PCM 16 bit or G.711, 8–48 kHz, at most 10 minutes; default: music of our own. */
    musicFile: z.string().min(1).optional(),
  })
  .readonly();

export type MediaConfig = z.output<typeof mediaConfigSchema>;

/** A pair of addresses: where we are bound, and how peers know us. */
export type MediaAddressConfig = NonNullable<MediaConfig['addresses']>[number];

/** Where audio goes through: as configured, else wherever SIP listens on one address, else this machine alone. */
export function mediaAddressesOf(config: {
  readonly media: MediaConfig;
  readonly listen: readonly { readonly address: string }[];
}): readonly MediaAddressConfig[] {
  if (config.media.addresses !== undefined) return config.media.addresses;
  const listening = [...new Set(config.listen.map((listener) => listener.address))];
  const pairs = listening.flatMap((bind) => {
    const pair = mediaAddress.safeParse({ bind });
    return pair.success ? [pair.data] : [];
  });
  return pairs.length === 0 ? [{ bind: '127.0.0.1', webrtcPort: 0 }] : pairs;
}
