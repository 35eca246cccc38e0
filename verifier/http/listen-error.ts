/** Why a server cannot listen; a closed table of plain sentences. */
const SENTENCES = {
  TLS_REQUIRED:
    'Outside of this machine cards travel only encrypted: give a certificate, or bind to 127.0.0.1.',
  TLS_INVALID: 'The certificate and its key cannot be used: they are no PEM, or do not belong together.',
  PORT_IN_USE: 'Another program listens at this port; choose another.',
  ADDRESS_UNAVAILABLE: 'This machine does not have this address, or may not listen at this port.',
} as const;

/** A server that could not be started. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code: keyof typeof SENTENCES;

  constructor(code: keyof typeof SENTENCES) {
    super(SENTENCES[code]);
    this.code = code;
  }
}
