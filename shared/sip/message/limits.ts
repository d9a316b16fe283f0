/** Bounds that are checked before anything is parsed. */
export interface MessageLimits {
  /** Bytes of a whole message. */
  readonly messageBytes: number;
  /** Bytes of start line and header fields. */
  readonly headBytes: number;
  /** Bytes of one header field with its folded lines. */
  readonly fieldBytes: number;
  /** Number of header fields. */
  readonly fields: number;
}

export const DEFAULT_LIMITS: MessageLimits = {
  messageBytes: 262_144,
  headBytes: 65_536,
  fieldBytes: 16_384,
  fields: 256,
};
