/**
 * The same text by itself. One that was cut out of a message, or put together of such pieces, would keep all of that message in memory
 * for as long as it is remembered: slices and joined texts refer to what they came from.
 */
export const ownText = (text: string): string => ` ${text}`.slice(1);

/** The same in lower case. It is made anew because of the capital letter, which follows the text so that others differ from it early. */
export const ownLowerCase = (text: string): string => `${text}L`.toLowerCase();
