import type { ProductName } from '../products.ts';
import type { OrderInput } from './order-input.ts';

/** Where an order stands. */
export const ORDER_STATES = [
  /** Handed in; what would become of its lines is being looked at. */
  'checking',
  /** Waits for somebody else to approve it. */
  'pending',
  /** Being issued, or next. */
  'approved',
  'done',
  /** Ended without a card; its input is gone. */
  'refused',
  /** It cannot go on; its input is gone. */
  'failed',
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** Why an order was refused; a closed list. */
export type OrderRefusal =
  /** Another client said so. */
  | 'BY_APPROVER'
  /** Its filer took it back. */
  | 'WITHDRAWN'
  /** Nobody decided about it in time. */
  | 'EXPIRED'
  /** It would give one person more cards of the product than a day has. */
  | 'PERSON_REPEATED';

/** What becomes of lines: cards, and refused ones by reason. */
export interface OrderOutcome {
  readonly cards: number;
  readonly reasons: Readonly<Record<string, number>>;
}

/** A bulk that a client asks for, kept until it is over and some time longer. Times are Unix seconds. */
export interface OrderRecord {
  readonly id: string;
  /** Who filed it. */
  readonly client: string;
  readonly product: ProductName;
  readonly filedAt: number;
  readonly input: OrderInput;
  readonly state: OrderState;
  /** What would become of it, as it was looked at before anybody decided. */
  readonly check?: OrderOutcome;
  /** Who approved or refused it, if it was a client. */
  readonly decidedBy?: string;
  readonly decidedAt?: number;
  readonly refusal?: OrderRefusal;
  readonly outcome?: OrderOutcome & { readonly withoutQr: number };
  /** Why it failed: a code of the issuer's. */
  readonly fault?: string;
  readonly endedAt?: number;
  /** Its cards were deleted. */
  readonly isGone?: true;
}

/** The name of the bulk that an order becomes, under which its cards can be revoked. */
export function batchOf({ id }: Pick<OrderRecord, 'id'>): string {
  return `order-${id}`;
}
