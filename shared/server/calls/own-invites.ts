import type { SipRequest } from '../../sip/message/message.ts';
import { userOf } from '../../sip/message/uri.ts';

/** Letters and digits that carry at least so many bits of cryptographic randomness. */
interface TagSource {
  token(bits: number): string;
}

/**
 * Marks the INVITEs that we make, so that one which another server sends back to us is known without a list of all that are under way.
 * Whoever forges the mark is refused, and harms nobody else.
 */
export class OwnInvites {
  readonly #random: TagSource;
  readonly #mark: string;

  constructor(random: TagSource) {
    this.#random = random;
    this.#mark = `-${random.token(40)}`;
  }

  /** A From tag for a new INVITE. */
  newTag(): string {
    return `${this.#random.token(64)}${this.#mark}`;
  }

  /**
   * Ours has come back for the very user it was for: a loop (RFC 3261 §16.3 step 4, 482). For another user it is a forward by that
   * other server, and Max-Forwards ends what goes round in a larger circle.
   */
  isLoop({ fromTag, to, uri }: SipRequest): boolean {
    return fromTag?.endsWith(this.#mark) === true && userOf(uri) === userOf(to.uri);
  }
}
