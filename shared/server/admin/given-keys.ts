/** A change with only those keys that say something. */
export type Given<Change> = { [Key in keyof Change]?: Exclude<Change[Key], undefined> };

/** Leaves out keys without a value: over what was there before they would be blanks. */
export function givenKeys<Change extends object>(change: Change): Given<Change> {
  const entries = Object.entries(change).filter(([, value]) => value !== undefined);
  // Nothing but keys of `change` with their values, less those that are undefined.
  return Object.fromEntries(entries) as Given<Change>;
}
