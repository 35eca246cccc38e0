import type { Contact } from '../records/record-source.ts';
import type { CodeMessage } from './code-message.ts';

/** A message for one contact. */
export interface OutgoingMessage extends CodeMessage {
  readonly to: string;
  /** The same for each attempt to send the same message, so that nobody gets it twice. */
  readonly key: string;
}

/** A way to send codes. */
export interface CodeSender {
  readonly kind: Contact['kind'];
  /**
   * Hands a message over.
   *
   * IssuerError MESSAGE_REFUSED if it never will be taken, such as for an address that is gone; MESSAGE_NOT_SENT if a
   * later attempt may succeed.
   */
  readonly send: (message: OutgoingMessage, signal: AbortSignal) => Promise<void>;
}
