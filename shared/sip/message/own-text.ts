/**
 * The same text by itself. One that was cut out of a message, or put together of such pieces, would keep all of that message in memory
 * for as long as it is remembered: slices and joined texts refer to what they came from.
 */
export const ownText = (text: string): string => ` ${text}`.slice(1);
