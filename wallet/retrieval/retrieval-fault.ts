/** What an issuer's service says of a retrieval or a correction that goes no further; a closed list. */
export const SERVICE_CODES = [
  'RETRIEVAL_INVALID',
  'RETRIEVAL_LOCKED',
  'RETRIEVAL_LIMITED',
  'RETRIEVAL_ENDED',
  'CODE_WRONG',
  'PROOF_INVALID',
  'HOLDER_NOT_BOUND',
  'NOT_QUALIFIED',
  'NOT_PLAUSIBLE',
  'RECORD_INVALID',
  'CARD_TOO_LARGE',
  'NOT_READY',
  'STORE_UNAVAILABLE',
  'BUSY',
  'CORRECTION_INVALID',
  'CORRECTION_UNKNOWN',
] as const;

/** Why something asked of an issuer was not had; a closed list. */
export type RetrievalCode =
  | (typeof SERVICE_CODES)[number]
  /** It answered with a refusal that is none of those. */
  | 'SERVICE_REFUSED'
  /** It could not be reached: no network, no such address, or it lets no wallet speak to it. */
  | 'SERVICE_UNREACHABLE'
  | 'SERVICE_TIMEOUT'
  /** What answers there is no issuer that passes are retrieved from. */
  | 'SERVICE_MISSING'
  /** It answered something that nobody can read. */
  | 'ANSWER_MALFORMED';

/** An opened retrieval: whoever has its token asks for more. */
export interface OpenRetrieval {
  readonly token: string;
  /** Unix seconds. */
  readonly until: number;
}

/** Something asked of an issuer was not had; nothing of a person is in it. */
export class RetrievalFault extends Error {
  override readonly name = 'RetrievalFault';
  readonly code: RetrievalCode;
  /** The service's reason within its code, such as POSITIVE_RESULT; null if it gave none. */
  readonly reason: string | null;
  /** Seconds until it may be asked again; null if it did not say. */
  readonly waitSeconds: number | null;
  /** The code was right, and only the pass was not had. */
  readonly opened: OpenRetrieval | null;

  constructor(
    code: RetrievalCode,
    {
      reason = null,
      waitSeconds = null,
      opened = null,
    }: Partial<Pick<RetrievalFault, 'reason' | 'waitSeconds' | 'opened'>> = {},
  ) {
    super(code);
    this.code = code;
    this.reason = reason;
    this.waitSeconds = waitSeconds;
    this.opened = opened;
  }
}
