import { z } from 'zod/v4';
import type { BulkOrders } from '../bulk-orders/bulk-orders.ts';
import { ORDER_STATES, type OrderRecord } from '../bulk-orders/order-record.ts';

const OUTCOME = { cards: z.number(), reasons: z.record(z.string(), z.number()) };

/** A bulk order as it is told of: nothing of a person. */
export const ORDER = z
  .strictObject({
    id: z.string(),
    client: z.string(),
    product: z.string(),
    state: z.enum(ORDER_STATES),
    filedAt: z.number(),
    lines: z.number(),
    bytes: z.number(),
    digest: z.string().meta({ description: 'base64url SHA-256 of the bytes as they were handed in.' }),
    check: z.strictObject(OUTCOME).nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: z.number().nullable(),
    refusal: z.string().nullable(),
    progress: z.strictObject({ lines: z.number(), cards: z.number(), waitsFor: z.string().nullable() }),
    outcome: z.strictObject({ ...OUTCOME, withoutQr: z.number() }).nullable(),
    fault: z.string().nullable(),
    endedAt: z.number().nullable(),
    isGone: z.boolean(),
  })
  .meta({ id: 'BulkOrder' });

/** Tells of an order. */
export async function orderAnswer(orders: BulkOrders, order: OrderRecord): Promise<z.infer<typeof ORDER>> {
  const { id, client, product, state, filedAt, input } = order;
  return {
    id,
    client,
    product,
    state,
    filedAt,
    lines: input.lines,
    bytes: input.bytes,
    digest: input.digest,
    check: order.check ?? null,
    decidedBy: order.decidedBy ?? null,
    decidedAt: order.decidedAt ?? null,
    refusal: order.refusal ?? null,
    progress: await orders.progress(order),
    outcome: order.outcome ?? null,
    fault: order.fault ?? null,
    endedAt: order.endedAt ?? null,
    isGone: order.isGone ?? false,
  };
}
