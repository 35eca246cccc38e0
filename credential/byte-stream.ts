import { FormatError } from './errors.ts';
import { MAX_LEB128_BYTES } from './leb128.ts';

/** A parser written as if all bytes were there; it yields where it has to wait for more. */
export type Parsing<Result> = Generator<undefined, Result, undefined>;

/** The bytes that have come so far, as a parser takes them. */
export class ByteStream {
  #chunk: Uint8Array = new Uint8Array();
  #at = 0;

  /** Adds the bytes to come next; only when those before are taken. */
  refill(chunk: Uint8Array): void {
    this.#chunk = chunk;
    this.#at = 0;
  }

  /** How many bytes are there to be taken without waiting. */
  get waiting(): number {
    return this.#chunk.length - this.#at;
  }

  /** The next byte. */
  *byte(): Parsing<number> {
    while (this.waiting === 0) yield;
    return this.#chunk[this.#at++] ?? 0;
  }

  /** A copy of the next bytes, that many; for a few only, since room is made before they are there. */
  *bytes(count: number): Parsing<Uint8Array> {
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count; at++) bytes[at] = yield* this.byte();
    return bytes;
  }

  /**
   * An unsigned LEB128 of at most 2⁵³ − 1 (DWARF 5 §7.6).
   *
   * @throws {FormatError} MALFORMED if it is larger, or longer than it need be: one number has one text.
   */
  *leb128(): Parsing<number> {
    let value = 0;
    for (let place = 0; place < MAX_LEB128_BYTES; place++) {
      const byte = yield* this.byte();
      value += (byte % 0x80) * 0x80 ** place;
      if (byte >= 0x80) continue;
      if (place > 0 && byte === 0) throw new FormatError('MALFORMED', 'A number is longer than it need be.');
      if (Number.isSafeInteger(value)) return value;
      break;
    }
    throw new FormatError('MALFORMED', 'A number is larger than 2^53 - 1.');
  }

  /** Gives what has come to a taker, which answers how much of it was taken. */
  take(taker: (chunk: Uint8Array) => number): void {
    this.#at += taker(this.#chunk.subarray(this.#at));
  }
}

/** Reads one thing from bytes that are pushed in chunks of any size. */
export class ChunkReader<Result> {
  readonly #stream = new ByteStream();
  readonly #parsing: Parsing<Result>;
  #read: { readonly result: Result } | undefined;
  #refusal: Error | undefined;

  constructor(parse: (stream: ByteStream) => Parsing<Result>) {
    this.#parsing = parse(this.#stream);
  }

  /**
   * Reads on; the chunk is the caller's again afterwards.
   *
   * @throws {FormatError} as soon as the bytes are not what they should be, MALFORMED if any follow the last one; the
   * same error each time from then on.
   */
  push(chunk: Uint8Array): void {
    this.#refuseAgain();
    try {
      this.#stream.refill(chunk);
      if (this.#read === undefined) {
        const step = this.#parsing.next();
        if (step.done === true) this.#read = { result: step.value };
      }
      if (this.#stream.waiting > 0) throw new FormatError('MALFORMED', 'Other bytes follow the last one.');
    } catch (error) {
      if (error instanceof Error) this.#refusal = error;
      throw error;
    }
  }

  /**
   * What was read, when all has been pushed.
   *
   * @throws {FormatError} MALFORMED if the bytes are cut short; again whatever `push` threw.
   */
  end(): Result {
    this.#refuseAgain();
    if (this.#read !== undefined) return this.#read.result;
    throw new FormatError('MALFORMED', 'The bytes are cut short.');
  }

  #refuseAgain(): void {
    if (this.#refusal !== undefined) throw this.#refusal;
  }
}

/**
 * Reads one thing from all of its bytes.
 *
 * @throws {FormatError} whatever the parser does; MALFORMED if the bytes are cut short or others follow the last one.
 */
export function parseWhole<Result>(
  bytes: Uint8Array,
  parse: (stream: ByteStream) => Parsing<Result>,
): Result {
  const reader = new ChunkReader(parse);
  reader.push(bytes);
  return reader.end();
}
