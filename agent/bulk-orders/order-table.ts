import type { AuditEntry } from '../audit/audit-entry.ts';
import { IssuerError } from '../issuer-error.ts';
import type { Table } from '../issuer-store.ts';
import type { Spent } from '../service/quotas.ts';
import type { ServiceStore } from '../service/service-store.ts';
import type { OrderRecord, OrderState } from './order-record.ts';

/** A client's orders that are not over, and those of all: each may be 64 MB on disk. */
const MOST_OF_ONE = 5;
const MOST = 20;
/** Filed by one client in a day, whatever became of them: each is remembered for months, and shown to whoever approves. */
const MOST_OF_DAY = 50;
const DAY = 86_400;

export type OrderStep = Omit<Extract<AuditEntry, { readonly kind: 'bulk-order' }>, 'kind' | 'order'>;

/** The orders of a store. Every step is one batch with its audit entry, and no two are made of one order at once. */
export class OrderTable {
  readonly #store: ServiceStore;
  readonly #table: Table<OrderRecord>;
  #known: Promise<Map<string, OrderRecord>> | undefined;
  readonly #moving = new Set<string>();

  constructor(store: ServiceStore) {
    this.#store = store;
    this.#table = store.table('bulk-orders');
  }

  /** Oldest first. */
  async all(): Promise<readonly OrderRecord[]> {
    return [...(await this.#orders()).values()].toSorted((a, b) => a.filedAt - b.filedAt);
  }

  async get(id: string): Promise<OrderRecord | undefined> {
    return (await this.#orders()).get(id);
  }

  /**
   * Refuses a client that has too many orders that are not over, or has filed too many in a day.
   *
   * @param now Unix seconds. IssuerError ORDERS_FULL.
   */
  async assertRoom(client: string, now: number): Promise<void> {
    const all = await this.all();
    const open = all.filter(isOpen);
    const own = all.filter((order) => order.client === client);
    const ofDay = own.filter(({ filedAt }) => filedAt > now - DAY);
    if (open.length >= MOST || own.filter(isOpen).length >= MOST_OF_ONE || ofDay.length >= MOST_OF_DAY) {
      throw new IssuerError('ORDERS_FULL', 'Too many orders wait to be decided about, or were filed today.');
    }
  }

  /** Takes an order in, with what it cost. IssuerError ORDERS_FULL, ORDER_DUPLICATE if the same one is not over yet. */
  async file(order: OrderRecord, { closing, audit }: Spent): Promise<void> {
    const orders = await this.#orders();
    await this.assertRoom(order.client, order.filedAt);
    const isSame = ({ client, product, input }: OrderRecord): boolean =>
      client === order.client && product === order.product && input.digest === order.input.digest;
    if ([...orders.values()].some((other) => isOpen(other) && isSame(other))) {
      throw new IssuerError('ORDER_DUPLICATE', 'This client has handed in the same already.');
    }
    // Known before it is on disk: the second of two at once finds the first.
    orders.set(order.id, order);
    const { client, input } = order;
    const filed = { step: 'filed', client, digest: input.digest, lines: input.lines } as const;
    try {
      await this.#store.commit([this.#table.put(order.id, order)], closing, [
        entryOf(order.id, filed),
        ...audit,
      ]);
    } catch (error) {
      orders.delete(order.id);
      throw error;
    }
  }

  /**
   * Moves an order on from one of some states; on disk when it returns. Of two moves at once one is refused.
   *
   * IssuerError ORDER_UNKNOWN, ORDER_STATE.
   */
  async move(
    id: string,
    from: readonly OrderState[],
    change: Partial<OrderRecord>,
    step: OrderStep,
  ): Promise<OrderRecord> {
    const orders = await this.#orders();
    const order = orders.get(id);
    if (order === undefined) throw new IssuerError('ORDER_UNKNOWN', 'There is no such order.');
    if (!from.includes(order.state) || this.#moving.has(id)) {
      throw new IssuerError('ORDER_STATE', 'The order does not stand where this could be done.');
    }
    this.#moving.add(id);
    try {
      const moved = { ...order, ...change };
      await this.#store.commit([this.#table.put(id, moved)], new Map(), [entryOf(id, step)]);
      orders.set(id, moved);
      return moved;
    } finally {
      this.#moving.delete(id);
    }
  }

  /** Forgets an order that is long over. */
  async forget(id: string): Promise<void> {
    await this.#store.commit([this.#table.del(id)]);
    (await this.#orders()).delete(id);
  }

  async #orders(): Promise<Map<string, OrderRecord>> {
    this.#known ??= this.#read().catch((error: unknown) => {
      this.#known = undefined;
      throw error;
    });
    return this.#known;
  }

  async #read(): Promise<Map<string, OrderRecord>> {
    const orders = new Map<string, OrderRecord>();
    for await (const [id, order] of this.#table.entries()) orders.set(id, order);
    return orders;
  }
}

/** Whether something is still to become of an order. */
export function isOpen({ state }: OrderRecord): boolean {
  return state === 'checking' || state === 'pending' || state === 'approved';
}

function entryOf(order: string, step: OrderStep): AuditEntry {
  return { kind: 'bulk-order', order, ...step };
}
