/** Why a log, a bundle or a store is not trust data this product can rest on; a closed list. */
export type TrustCode =
  | 'LOG_MALFORMED'
  | 'HEAD_MISMATCH'
  | 'LOG_OLDER_THAN_HELD'
  | 'LOG_FORKED'
  | 'BUNDLE_MALFORMED'
  | 'BUNDLE_SIGNATURE_INVALID'
  | 'EXPORTER_NOT_PINNED'
  | 'DOCUMENT_MALFORMED'
  | 'DOCUMENT_OF_ANOTHER_VERSION'
  | 'STORE_LOCKED'
  | 'STORE_CORRUPT'
  | 'STORE_OF_ANOTHER_VERSION'
  | 'STORE_UNAVAILABLE'
  | 'STORE_OF_ANOTHER_REGISTRY'
  | 'STATUS_DATA_REFUSED'
  | 'RULE_FILES_REFUSED'
  | 'QUORUM_MISSING'
  | 'CHAIN_STALLED'
  | 'BUNDLE_FROM_THE_FUTURE'
  | 'SNAPSHOT_SIGNATURE_INVALID'
  | 'FILE_UNREADABLE';

/** Trust data that does not hold; the message is a plain sentence for the operator. */
export class TrustError extends Error {
  override readonly name = 'TrustError';
  readonly code: TrustCode;

  constructor(code: TrustCode, message: string) {
    super(message);
    this.code = code;
  }
}
