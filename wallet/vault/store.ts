/** Bytes in memory of their own, as WebCrypto takes them. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Where the vault lies at rest: names to bytes, of which none tells anything. */
export interface VaultStore {
  /** Everything that is stored, as of one moment. */
  readonly read: () => Promise<ReadonlyMap<string, Bytes>>;
  /**
   * Write all of it or nothing; undefined removes.
   *
   * @param expected what must still be stored under some names (undefined: nothing), so that two pages of one wallet do
   *   not undo each other's work
   * @returns false, with nothing written, if something else is stored there
   * @throws VaultError STORE_UNAVAILABLE
   */
  readonly write: (changes: Changes, expected: Changes) => Promise<boolean>;
}

export type Changes = ReadonlyMap<string, Bytes | undefined>;

/** True of the same bytes; not for secrets, since it takes longer the more of them agree. */
export function sameBytes(one: Bytes | undefined, other: Bytes | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
