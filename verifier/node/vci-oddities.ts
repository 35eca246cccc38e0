/** What is odd in a directory and was passed over; a closed list. */
export type OddityCode =
  | 'ISSUER_REFUSED'
  | 'ISSUER_DUPLICATE'
  | 'NAME_REFUSED'
  | 'NAME_CLEANED'
  | 'KEYS_MISSING'
  | 'KEYS_TOO_MANY'
  | 'KEY_REFUSED'
  | 'KEY_DUPLICATE'
  | 'CRL_MISSING'
  | 'CRL_REFUSED'
  | 'CRLS_TOO_MANY'
  | 'CRL_OF_NO_KEY';

/** What is odd in a directory and was taken as it stands; a closed list. */
export type PeculiarityCode =
  /** Several issuers sign with one key. */
  | 'KEY_SHARED'
  /** A coordinate without its leading zero byte; the kid is the thumbprint of that form. */
  | 'COORDINATE_SHORT'
  | 'COUNTER_AS_TEXT'
  | 'MEMBER_UNKNOWN';

/** One oddity by name: whose it is, and in a plain sentence what. */
export interface Oddity<Code extends string = OddityCode> {
  readonly code: Code;
  /** The `iss`, the place of an entry that has none, or the name of a file or a member. */
  readonly of: string;
  readonly kid: string | null;
  readonly message: string;
}

/** Of each kind so many are kept: a file may hold millions of odd entries. */
const MAX_KEPT = 1000;
/** Whatever a hostile file gives for a kid or a name of a member. */
const MAX_TEXT = 256;

/** Oddities as they are found: the first of each kind, and the number of all. */
export class OddityList<Code extends string = OddityCode> {
  readonly kept: Oddity<Code>[] = [];
  readonly #counts = new Map<Code, number>();

  add({ code, of, kid, message }: Oddity<Code>): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count > MAX_KEPT) return;
    this.kept.push({
      code,
      of: of.slice(0, MAX_TEXT),
      kid: kid === null ? null : kid.slice(0, MAX_TEXT),
      message,
    });
  }

  /** How many more of each kind there are than are kept. */
  notKept(): ReadonlyMap<Code, number> {
    return new Map(
      [...this.#counts].flatMap(([code, count]) => (count > MAX_KEPT ? [[code, count - MAX_KEPT]] : [])),
    );
  }
}
