import { z } from 'zod';

const count = (least: number, most: number) => z.int().min(least).max(most);

/** How much the server takes on. Beyond each, what is new is refused in plain words and what is there goes on. */
export const limitsSchema = z
  .strictObject({
    /** Devices signed in as one user at once (403 beyond; one that is out of reach makes room); 1–1000, default 32. */
    bindingsPerUser: count(1, 1000).default(32),
    /** Subscriptions of one user, all devices together (503 + Retry-After beyond); 1–10 000, default 500. */
    subscriptionsPerUser: count(1, 10_000).default(500),
    /** Subscriptions in all (503 + Retry-After beyond); 1–1 000 000, default 50 000. */
    subscriptions: count(1, 1_000_000).default(50_000),
    /** Requests under way at once (503 + Retry-After beyond); 100–1 000 000, default 50 000. */
    transactions: count(100, 1_000_000).default(50_000),
    /** Calls at once, parked ones included (503 + Retry-After for new calls; parked ones can still be taken); 1–100 000, default 5000. */
    calls: count(1, 100_000).default(5000),
    /**
     * Messages a second that one TCP, TLS or WebSocket connection may keep up, with bursts of twice as many; beyond it the
     * connection is closed. 50–1 000 000, default 500: a proxy that carries many phones over one connection needs more.
     */
    connectionMessagesPerSecond: count(50, 1_000_000).default(500),
    /** Memory of the process, in MiB of resident set, beyond which nothing new is begun (503 + Retry-After); 128–1 048 576, default 2048. */
    memoryMib: count(128, 1_048_576).default(2048),
    /**
     * How late the server may run on average, in ms, before busy lamps give way to calls (`probation` with a time to come again,
     * 503 + Retry-After for new ones); it counts after three seconds in a row; 20–60 000, default 200.
     */
    latenessMs: count(20, 60_000).default(200),
  })
  .readonly();

export type LimitsConfig = z.output<typeof limitsSchema>;

/**
 * Against scanners, floods and reflection. It counts by address (IPv6 by /64), forgets in time, and never touches a
 * device that is signed in: what comes over a registered device's own connection is not counted.
 */
export const defenceSchema = z
  .strictObject({
    /** Requests a second that an unknown address may keep up; beyond it they get no answer (datagrams) or 503; 1–100 000, default 20. */
    unknownPerSecond: count(1, 100_000).default(20),
    /** How many an unknown address may send at once before that counts, 1–100 000; default 200: an office that comes back. */
    unknownBurst: count(1, 100_000).default(200),
    /** How much more an address may do that a device is or lately was signed in from, as a factor; 1–1000, default 20. */
    familiarFactor: count(1, 1000).default(20),
    /** Requests a second from all unknown addresses together, 10–1 000 000; default 500: signed-in phones keep the rest of the machine. */
    unknownTotalPerSecond: count(10, 1_000_000).default(500),
    /** Wrong answers to a challenge in one window for one user name from one address, 1–10 000; default 10. Then 403 until the window ends. */
    failuresPerAccount: count(1, 10_000).default(10),
    /** The same for all user names from one address together, 1–100 000; default 100. Accounts that signed in from there before are spared. */
    failuresPerAddress: count(1, 100_000).default(100),
    /** Length of that window, in ms; 1000–86 400 000, default 60 000. */
    failureWindowMs: count(1000, 86_400_000).default(60_000),
    /** IP addresses that are never counted, at most 100; default loopback: neighbours on this machine, where nobody's address is forged. */
    exemptAddresses: z
      .array(z.union([z.ipv4(), z.ipv6()]))
      .max(100)
      .readonly()
      .default(['127.0.0.1', '::1']),
    /**
     * Octets sent to an unproven UDP address for each octet it sent, 1–100; default 3, as in RFC 9000 §8. It bounds what
     * an attacker gains who writes somebody else's address on requests.
     */
    replyFactor: count(1, 100).default(3),
    /** Proxies in front of HTTP and WebSocket whose `X-Forwarded-For` is believed: IP addresses, at most 20; default loopback. */
    trustedProxies: z
      .array(z.union([z.ipv4(), z.ipv6()]))
      .max(20)
      .readonly()
      .default(['127.0.0.1', '::1']),
  })
  .readonly();

export type DefenceConfig = z.output<typeof defenceSchema>;
