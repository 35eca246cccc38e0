/** Why a sound snapshot is not used; a closed list. */
export type SnapshotCode =
  /** Older than one that was used before. */
  | 'SNAPSHOT_OLDER'
  /** It does not say when it was taken, */
  | 'SNAPSHOT_UNDATED'
  /** says a time that is still to come, */
  | 'SNAPSHOT_FROM_THE_FUTURE'
  /** or nobody knows whether an older one was used before. */
  | 'SNAPSHOT_AGE_UNKNOWN'
  /** Not signed, where one was before. */
  | 'SNAPSHOT_UNSIGNED'
  | 'SNAPSHOT_SIGNER_CHANGED';

/** A snapshot that is refused for what is known of earlier ones; the message is a plain sentence for the operator. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
  readonly code: SnapshotCode;

  constructor(code: SnapshotCode, message: string) {
    super(message);
    this.code = code;
  }
}
