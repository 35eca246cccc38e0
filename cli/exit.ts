import { RegistryError } from '../contracts/registry-error.ts';

/** Exit statuses of every command; 0 to 3 are the answers of `verify`. */
export const EXIT = {
  accepted: 0,
  rejected: 1,
  undetermined: 2,
  unreadable: 3,
  usage: 64,
  refused: 65,
  unavailable: 69,
  internal: 70,
} as const;

/** The command line itself is wrong; exit 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'USAGE';
}

/** An error as the terminal shows it: a code to quote, a sentence to read, the exit status. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  /** Name of the contract's own error, if it is a contract that refuses. */
  readonly refusal?: string;
  /** What a refusal rests on, for whoever asked and for no log: it can be of a person. */
  readonly details?: Readonly<Record<string, string | number>>;
}

/** Errors that this product throws on purpose; their messages are written for people and carry nothing personal. */
const OURS: ReadonlySet<string> = new Set([
  'FormatError',
  'BundleError',
  'TrustError',
  'SnapshotError',
  'RegistryError',
  'IssuerError',
  'TlsError',
  'PolicyError',
  'RulesError',
  'ListenError',
  'SetupCodeError',
  'SignError',
]);

/** The chain, a store or a server is not there: trying again later may help. */
const UNAVAILABLE: ReadonlySet<string> = new Set([
  'CHAIN_UNAVAILABLE',
  'QUORUM_MISSING',
  'CHAIN_ANSWER_INVALID',
  'CHAIN_ANSWER_TOO_LARGE',
  'STORE_OF_ANOTHER_VERSION',
  'CHAIN_STALLED',
  'TRANSACTION_PENDING',
  'STORE_LOCKED',
  'STORE_CORRUPT',
  'STORE_DAMAGED',
  'STORE_UNAVAILABLE',
  'ANCHORING_ELSEWHERE',
  'DATABASE_UNSUITABLE',
  'ANCHORING_ELSEWHERE',
  'INTERRUPTED',
  'TOKEN_BINDING_MISSING',
  'TOKEN_MODULE_UNUSABLE',
  'TOKEN_ABSENT',
  'TOKEN_FAULT',
  'SERVICE_UNAVAILABLE',
]);

/**
 * Render an error once, at the edge.
 *
 * What was not thrown on purpose becomes "internal" without its message or stack: either could hold a credential.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof UsageError) {
    return { code: error.code, message: error.message, status: EXIT.usage };
  }
  if (error instanceof Error && OURS.has(error.name) && 'code' in error && typeof error.code === 'string') {
    const status = UNAVAILABLE.has(error.code) ? EXIT.unavailable : EXIT.refused;
    const refusal = error instanceof RegistryError ? error.refusal?.name : undefined;
    const details = 'details' in error ? (error.details as Failure['details']) : undefined;
    return {
      code: error.code,
      message: error.message,
      status,
      ...(refusal === undefined ? {} : { refusal }),
      ...(details === undefined ? {} : { details }),
    };
  }
  return {
    code: 'INTERNAL',
    message: 'An internal fault stopped the command; nothing was decided.',
    status: EXIT.internal,
  };
}

/**
 * End quietly when whoever reads the output goes away (`… | head`): Node would die of it with a stack trace.
 *
 * The status is what it was set to; an answer that nobody read to the end is still an answer.
 */
export function endWithReader(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? process.exitCode : EXIT.internal);
  });
}
