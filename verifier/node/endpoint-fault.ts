/** What an RPC endpoint did that keeps it from being counted; a closed list. */
export type EndpointFaultCode =
  /** No answer in time, a refusal, or a status that is not 2xx. */
  | 'UNREACHABLE'
  /** An answer that is not what the standard asks for. */
  | 'ANSWER_INVALID'
  | 'WRONG_CHAIN'
  /** It does not have the block yet that the others call final. */
  | 'LAGGING'
  /** Nothing, or other code, lives at the registry's address. */
  | 'NO_REGISTRY'
  | 'CODE_DIFFERS'
  /** Another block stands at the number. */
  | 'BLOCK_DIFFERS'
  /** Another head or size of the log. */
  | 'HEAD_DIFFERS'
  /** Its log does not lead to the head that was agreed on: events left out, added or changed. */
  | 'LOG_DIFFERS'
  | 'ANCHORS_DIFFER';

/** An endpoint that was not counted, by its host only: the rest of its URL is often a password. */
export interface EndpointFault {
  readonly endpoint: string;
  readonly code: EndpointFaultCode;
}

/** What each code says to people; a table, one row a code. */
export const FAULT_WORDS: Readonly<Record<EndpointFaultCode, string>> = {
  UNREACHABLE: 'does not answer',
  ANSWER_INVALID: 'answers with something that is not JSON-RPC',
  WRONG_CHAIN: 'serves another chain',
  LAGGING: 'is behind the others',
  NO_REGISTRY: 'has no registry at the address',
  CODE_DIFFERS: 'has other code at the address of the registry',
  BLOCK_DIFFERS: 'tells another block than the others',
  HEAD_DIFFERS: 'tells another head of the log than the others',
  LOG_DIFFERS: 'tells a log that does not lead to the head',
  ANCHORS_DIFFER: 'tells other revocation anchors than the others',
};
