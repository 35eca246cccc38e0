/** Why this machine cannot serve over TLS; a closed list. */
export type TlsCode =
  | 'TLS_FILE_UNREADABLE'
  | 'TLS_CERTIFICATE_MALFORMED'
  | 'TLS_KEY_MALFORMED'
  | 'TLS_KEY_MISMATCH'
  | 'TLS_CERTIFICATE_EXPIRED'
  | 'TLS_CERTIFICATE_NOT_YET_VALID'
  | 'TLS_HOST_NOT_COVERED'
  /** The folder of the local CA lacks a part that cannot be made again, or holds what does not belong together. */
  | 'LOCAL_CA_DAMAGED'
  /** Others than its owner may read the key of the local CA. */
  | 'LOCAL_CA_KEY_EXPOSED'
  | 'LOCAL_CA_UNWRITABLE';

/** TLS that cannot be served; the message is a plain sentence for the operator. */
export class TlsError extends Error {
  override readonly name = 'TlsError';
  readonly code: TlsCode;

  constructor(code: TlsCode, message: string) {
    super(message);
    this.code = code;
  }
}
