import type { Request } from 'express';
import { FormatError } from '../../credential/errors.ts';
import { decodeUtf8, isJsonObject, parseJson } from '../../credential/json.ts';
import { Problem } from '../../verifier/http/problem.ts';
import { PROBLEMS } from './problems.ts';

/** How much of lines is taken, and how slowly. */
export interface LineLimits {
  readonly bytes: number;
  readonly lines: number;
  readonly lineBytes: number;
  /** Between two pieces of the body. */
  readonly pauseSeconds: number;
  /** For all of it. */
  readonly seconds: number;
}

/** A city's records; a record of one person is no longer than where it is issued alone. */
export const LINE_LIMITS: LineLimits = {
  bytes: 64_000_000,
  lines: 100_000,
  lineBytes: 1_000_000,
  pauseSeconds: 15,
  seconds: 900,
};

const LINE_FEED = 0x0a;

/** The lines of a body while it comes. */
export interface ReceivedLines {
  /** The bytes as they come, once they are known to be right so far. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** So far. */
  readonly lines: () => number;
}

/**
 * Takes NDJSON: each line a JSON object, strictly (RFC 7493), held to the limits while it comes; nothing but the piece at
 * hand and a line that is not complete is ever in memory.
 *
 * Problem BODY_TOO_LARGE, JSON_INVALID, BODY_INVALID of a body without lines, REQUEST_INCOMPLETE, REQUEST_TIMEOUT.
 */
export function receiveLines(request: Request, limits: LineLimits): ReceivedLines {
  let lines = 0;
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    if (Number(request.headers['content-length'] ?? 0) > limits.bytes) {
      throw new Problem(PROBLEMS.BODY_TOO_LARGE);
    }
    let length = 0;
    const begun = new BegunLine(limits.lineBytes);
    for await (const piece of piecesOf(request, limits)) {
      length += piece.length;
      if (length > limits.bytes) throw new Problem(PROBLEMS.BODY_TOO_LARGE);
      let from = 0;
      for (let end = piece.indexOf(LINE_FEED); end !== -1; end = piece.indexOf(LINE_FEED, from)) {
        take(begun.end(piece.subarray(from, end)));
        from = end + 1;
      }
      begun.add(piece.subarray(from));
      yield piece;
    }
    const last = begun.end(Buffer.of());
    if (last.length > 0) take(last);
    if (lines === 0) throw new Problem(PROBLEMS.BODY_INVALID);
  };
  const take = (line: Uint8Array): void => {
    if (++lines > limits.lines) throw new Problem(PROBLEMS.BODY_TOO_LARGE);
    assertObject(line);
  };
  return { bytes: bytes(), lines: () => lines };
}

/** A line that is not complete: pieces of one byte must cost no more than the byte. */
class BegunLine {
  readonly #most: number;
  #bytes = Buffer.alloc(0);
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Problem BODY_TOO_LARGE. */
  add(piece: Uint8Array): void {
    const needed = this.#length + piece.length;
    if (needed > this.#most) throw new Problem(PROBLEMS.BODY_TOO_LARGE);
    if (needed > this.#bytes.length) {
      const grown = Buffer.alloc(Math.min(this.#most, Math.max(needed, 2 * this.#bytes.length)));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    this.#bytes.set(piece, this.#length);
    this.#length = needed;
  }

  /** The whole line, good until the next is begun. Problem BODY_TOO_LARGE. */
  end(piece: Uint8Array): Uint8Array {
    this.add(piece);
    const line = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return line;
  }
}

function assertObject(line: Uint8Array): void {
  try {
    if (isJsonObject(parseJson(decodeUtf8(line)))) return;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
  throw new Problem(PROBLEMS.JSON_INVALID);
}

/** The pieces of a body, none waited for too long. */
async function* piecesOf(request: Request, limits: LineLimits): AsyncGenerator<Buffer> {
  const deadline = performance.now() + limits.seconds * 1000;
  // An answer that comes before the body is complete must not find the connection torn.
  const pieces = request.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  for (;;) {
    const left = Math.min(limits.pauseSeconds * 1000, deadline - performance.now());
    const next = await within(left, pieces.next());
    if (next.done === true) {
      if (!request.complete) throw new Problem(PROBLEMS.REQUEST_INCOMPLETE);
      return;
    }
    yield next.value;
  }
}

async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => {
        reject(new Problem(PROBLEMS.REQUEST_TIMEOUT));
      },
      Math.max(0, milliseconds),
    );
  });
  try {
    return await Promise.race([
      promise.catch(() => {
        throw new Problem(PROBLEMS.REQUEST_INCOMPLETE);
      }),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** Takes what is left of a body that was refused, for a moment, so that the answer is read; then cuts it off. */
export function endBody(request: Request, pauseSeconds: number): void {
  if (request.complete) return;
  request.on('error', () => undefined).resume();
  const timer = setTimeout(() => request.socket.destroy(), pauseSeconds * 1000).unref();
  request.once('close', () => {
    clearTimeout(timer);
  });
}
