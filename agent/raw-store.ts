/** A record under its whole key. */
export type Row = readonly [key: string, value: Uint8Array];

/** The records of a store as bytes, under their whole keys. */
export interface RawStore {
  readonly get: (key: string) => Promise<Uint8Array | undefined>;
  readonly getMany: (keys: readonly string[]) => Promise<readonly (Uint8Array | undefined)[]>;
  /** In the order of keys, from one on and before another, in pages that fit into memory without a thought. */
  readonly pages: (from: string, before: string) => AsyncGenerator<readonly Row[]>;
  /** The last of those from one key on and up to another. */
  readonly last: (from: string, upTo: string) => Promise<Row | undefined>;
}
