import { createHmac, hash, type KeyObject } from 'node:crypto';

const LANES = 4;

/**
 * A sum over rows in any order: two sets of rows have the same one only if they are the same, rows counted as often as
 * they occur. Each row is hashed under a secret, so that nobody can look for rows that sum up alike.
 */
export class RowSum {
  readonly #lanes: Uint32Array;
  #count: number;

  constructor(lanes = new Uint32Array(LANES), count = 0) {
    this.#lanes = lanes;
    this.#count = count;
  }

  static read(text: string): RowSum {
    const [count, ...lanes] = text.split('.').map(Number);
    return new RowSum(
      Uint32Array.from({ length: LANES }, (_, at) => lanes[at] ?? 0),
      count ?? 0,
    );
  }

  add(secret: string, key: string, digest: string): void {
    const row = rowHash(secret, key, digest);
    for (let lane = 0; lane < LANES; lane++)
      this.#lanes[lane] = this.#lane(lane) + row.readUInt32LE(4 * lane);
    this.#count++;
  }

  copy(): RowSum {
    return new RowSum(Uint32Array.from(this.#lanes), this.#count);
  }

  toString(): string {
    return [this.#count, ...this.#lanes].join('.');
  }

  #lane(at: number): number {
    return this.#lanes[at] ?? 0;
  }
}

/** Sums by the key of the row, so that the rows that differ between two sides can be looked for among few. */
export class BucketSums {
  readonly #lanes = new Uint32Array(BUCKETS * LANES);

  /** `side` 1 adds a row, -1 takes it away. */
  count(secret: string, key: string, digest: string, side: 1 | -1): void {
    const row = rowHash(secret, key, digest);
    const at = LANES * bucketOf(key);
    for (let lane = 0; lane < LANES; lane++) {
      const before = this.#lanes[at + lane] ?? 0;
      // A Uint32Array counts modulo 2^32.
      this.#lanes[at + lane] = before + side * row.readUInt32LE(4 * lane);
    }
  }

  /** The buckets in which the two sides differ. */
  differing(): ReadonlySet<number> {
    const found = new Set<number>();
    for (const [at, lane] of this.#lanes.entries()) if (lane !== 0) found.add(Math.floor(at / LANES));
    return found;
  }
}

const BUCKETS = 4096;

/** Which bucket rows of a key are counted in. */
export function bucketOf(key: string): number {
  let mixed = 0;
  for (let at = 0; at < key.length; at++) mixed = (Math.imul(mixed, 31) + key.charCodeAt(at)) >>> 0;
  return mixed % BUCKETS;
}

/** The secret of sums that outlive a process. */
export function sumSecret(auditKey: KeyObject): string {
  return createHmac('sha256', auditKey).update('pratique/audit|sum').digest('base64url');
}

function rowHash(secret: string, key: string, digest: string): Buffer {
  return hash('sha256', `${secret}|${key}|${digest}`, 'buffer');
}
