import type { SaxesAttributeNS } from 'saxes';
import { parseDecimal } from '../message/characters.ts';

export type Attributes = Readonly<Record<string, SaxesAttributeNS>>;

/** An attribute without a namespace. */
export function attributeOf(attributes: Attributes, name: string): string | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name]?.value : undefined;
}

/** At most 2³¹−1 (RFC 4235 §4.1.1 for versions). */
export const wholeNumber = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : parseDecimal(text.trim(), 2 ** 31 - 1);

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** An RFC 3339 time as milliseconds since 1970. */
export function timeOf(text: string | undefined): number | undefined {
  if (text === undefined || !ISO_TIME.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** The value when it is one of a closed list. */
export const oneOf = <T extends string>(
  values: readonly T[],
  text: string | undefined,
): T | undefined => values.find((value) => value === text);
