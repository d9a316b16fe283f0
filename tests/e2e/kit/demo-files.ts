import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export interface TestUser {
  readonly extension: string;
  readonly name: string;
  readonly password: string;
}

const demoFile = z.object({
  users: z.array(z.object({ extension: z.string(), name: z.string(), password: z.string() })),
});
const trunkFile = z.object({ username: z.string(), password: z.string() });

const read = (folder: string, file: string): unknown =>
  JSON.parse(readFileSync(join(folder, file), 'utf8'));

/** One of the users that a server with the demo's tenant has written down in its folder. */
export function demoUser(folder: string, extension: string): TestUser {
  const { users } = demoFile.parse(read(folder, 'demo.json'));
  const user = users.find((each) => each.extension === extension);
  if (user === undefined) throw new Error(`the demo has no ${extension}`);
  return user;
}

/** How callers from outside come in there. */
export function demoTrunk(folder: string): {
  readonly username: string;
  readonly password: string;
} {
  return trunkFile.parse(read(folder, 'demo-trunk.json'));
}
