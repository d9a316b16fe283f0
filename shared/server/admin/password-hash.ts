import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** Cost of one guess: 32 MB of memory, three times over (OWASP's figures for scrypt). */
const COST = { N: 2 ** 15, r: 8, p: 3 } as const;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** Node refuses more memory than this; 128·N·r with room to spare, in bytes. */
const MAX_MEMORY = 256 * 1024 * 1024;

interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** `scrypt$N$r$p$salt$key`: the cost stands beside the hash, so that it can be raised later. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, COST);
  const { N, r, p } = COST;
  return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/**
 * Whether the password is the one that was hashed.
 * @param hash undefined: nobody has that name; the answer takes as long all the same
 */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const known = readHash(hash ?? '') ?? {
    cost: COST,
    salt: Buffer.alloc(SALT_BYTES),
    key: Buffer.alloc(KEY_BYTES),
  };
  const key = await derive(password, known.salt, known.cost);
  return timingSafeEqual(key, known.key) && hash !== undefined;
}

function readHash(text: string) {
  const [, N, r, p, salt, key] =
    /^scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([\w-]+)\$([\w-]{43})$/.exec(text) ?? [];
  if (salt === undefined || key === undefined) return undefined;
  return {
    cost: { N: Number(N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    key: Buffer.from(key, 'base64url'),
  };
}

/** Off the main thread: calls go on while it works. */
function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  const options = { ...cost, maxmem: MAX_MEMORY };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, KEY_BYTES, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
