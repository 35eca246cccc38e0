/** Rules that cannot be told of: a closed list. */
export type RulesErrorCode =
  /** What was published under the name cannot be used here. */
  | 'RULES_UNAVAILABLE'
  /** A file is no sound rule set, or no sound tests of one. */
  | 'RULES_REFUSED';

/** Rules that cannot be told of; the message is a plain sentence. */
export class RulesError extends Error {
  override readonly name = 'RulesError';
  readonly code: RulesErrorCode;

  constructor(code: RulesErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
