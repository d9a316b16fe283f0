/**
 * Ends every switch over a union: a member added later fails the type check here.
 * @throws Error always; reached only when a value got past its type at a border
 */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
