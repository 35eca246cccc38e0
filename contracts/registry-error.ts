/** Why the registry could not be read or written; a closed list. */
export type RegistryCode =
  /** No answer in time, or a refusal to serve. */
  | 'CHAIN_UNAVAILABLE'
  /** An answer that is not what the standard asks for. */
  | 'CHAIN_ANSWER_INVALID'
  | 'CHAIN_ANSWER_TOO_LARGE'
  | 'WRONG_CHAIN'
  /** A signed instruction for another registry. */
  | 'WRONG_REGISTRY'
  /** Nothing, or something else, lives at the address. */
  | 'NO_REGISTRY'
  /** The contract refuses the transaction; nothing was sent. */
  | 'REVERTED'
  /** Sent, but not carried out. */
  | 'TRANSACTION_FAILED'
  /** Sent, and in no block yet: it may land later. */
  | 'TRANSACTION_PENDING'
  /** The sending account is not there, cannot be unlocked, or cannot pay. */
  | 'ACCOUNT_UNAVAILABLE'
  /** An argument that no registry could take. */
  | 'ARGUMENT_INVALID'
  /** What is to be made is there already. */
  | 'FILE_EXISTS'
  /** A signed instruction that nobody can read, */
  | 'INSTRUCTION_MALFORMED'
  /** whose deadline is over, */
  | 'INSTRUCTION_EXPIRED'
  /** that was relayed already, or another of its nonce, */
  | 'INSTRUCTION_USED'
  /** that has to wait for those before it, */
  | 'INSTRUCTION_EARLY'
  /** or whose signature is not its signer's. */
  | 'INSTRUCTION_FORGED'
  /** In a checkout: the contracts do not compile. */
  | 'BUILD_FAILED';

/** The contract's own reason for a REVERTED, for programs. */
export interface Refusal {
  /** Name of the custom error in IIssuerRegistry.sol. */
  readonly name: string;
  readonly args: readonly unknown[];
}

/** A failure between us and the registry; the message is a plain sentence. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: RegistryCode;
  readonly refusal: Refusal | undefined;

  constructor(code: RegistryCode, message: string, refusal?: Refusal) {
    super(message);
    this.code = code;
    this.refusal = refusal;
  }
}
