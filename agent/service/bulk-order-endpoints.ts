import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Request } from 'express';
import { z } from 'zod/v4';
import { mediaGuard } from '../../verifier/http/body.ts';
import type { Endpoint } from '../../verifier/http/endpoint.ts';
import { heldBy } from '../../verifier/http/held-by.ts';
import { readJson } from '../../verifier/http/json-body.ts';
import { Problem } from '../../verifier/http/problem.ts';
import type { BulkOrders } from '../bulk-orders/bulk-orders.ts';
import type { OrderRecord } from '../bulk-orders/order-record.ts';
import { PRODUCTS, type ProductName } from '../products.ts';
import { ORDER, orderAnswer } from './bulk-order-answer.ts';
import type { Clients } from './clients.ts';
import { problemOf, PROBLEMS } from './problems.ts';
import { readQuery } from './query.ts';
import type { Quotas } from './quotas.ts';
import type { ReadBody } from './read-body.ts';
import { endBody, receiveLines, type LineLimits } from './receive-lines.ts';
import { callerOf, clientOf, needs, type WhoAsks } from './who-asks.ts';

const JSON_TYPE = 'application/json';
const LINES_TYPE = 'application/x-ndjson';
/** Bodies of orders that come at the same time. */
const MOST_BODIES = 4;

const ORDERS = z.strictObject({ orders: z.array(ORDER) }).meta({ id: 'BulkOrders' });
const APPROVAL = z.strictObject({ digest: z.string().max(100) });
const PRODUCT = z.enum(Object.keys(PRODUCTS) as [ProductName, ...ProductName[]]);

/** What the addresses of bulk orders need. */
export interface OrderEnvironment extends WhoAsks {
  readonly orders: BulkOrders;
  readonly quotas: Quotas;
  readonly readBody: ReadBody;
  readonly lineLimits: LineLimits;
}

const ASKED = [PROBLEMS.UNAUTHORIZED, PROBLEMS.SCOPE_MISSING, PROBLEMS.STORE_UNAVAILABLE];
const DECIDED = [...ASKED, PROBLEMS.ORIGIN_NOT_ALLOWED, PROBLEMS.ORDER_UNKNOWN, PROBLEMS.ORDER_STATE];

/** The path whose bodies take their time, and are watched over here. */
export const BULK_ORDERS_PATH = '/bulk-orders';

/** Bulks that one client hands in, and another one approves: four eyes on every one of them. */
export function bulkOrderEndpoints(environment: OrderEnvironment): readonly Endpoint[] {
  const { orders, quotas, clients, clock, readBody, lineLimits } = environment;
  const bodies = heldBy();
  const sees = needs(environment, 'issue', 'approve', 'audit');
  const told = async (order: OrderRecord): Promise<z.infer<typeof ORDER>> => orderAnswer(orders, order);
  return [
    {
      method: 'post',
      path: BULK_ORDERS_PATH,
      summary: 'Hand in FHIR bundles, one a line, to be issued once another client has approved them.',
      query: { product: PRODUCT },
      takes: { [LINES_TYPE]: z.record(z.string(), z.unknown()) },
      gives: { [JSON_TYPE]: ORDER },
      status: 201,
      problems: [
        ...ASKED,
        PROBLEMS.ORIGIN_NOT_ALLOWED,
        PROBLEMS.QUERY_INVALID,
        PROBLEMS.REQUEST_INCOMPLETE,
        PROBLEMS.JSON_INVALID,
        PROBLEMS.BODY_INVALID,
        PROBLEMS.BODY_TOO_LARGE,
        PROBLEMS.CONTENT_TYPE_UNSUPPORTED,
        PROBLEMS.ORDER_DUPLICATE,
        PROBLEMS.ORDERS_FULL,
        PROBLEMS.QUOTA_REACHED,
        PROBLEMS.BUSY,
      ],
      handlers: [
        // Whoever is refused, by whichever guard, goes on sending for a moment at most.
        (request, response, next) => {
          response.once('finish', () => {
            endBody(request, lineLimits.pauseSeconds);
          });
          next();
        },
        mediaGuard([LINES_TYPE]),
        needs(environment, 'issue'),
        async (request, response) => {
          try {
            const order = await fileOrder(request);
            response.status(201).json(await told(order));
          } catch (error) {
            throw problemOf(error);
          }
        },
      ],
    },
    {
      method: 'get',
      path: BULK_ORDERS_PATH,
      summary: 'The orders, oldest first: all for those who approve or audit, else one’s own.',
      gives: { [JSON_TYPE]: ORDERS },
      problems: ASKED,
      handlers: [
        sees,
        async (request, response) => {
          await orProblem(async () => {
            const seen = (await orders.table.all()).filter((order) => maySee(request, order));
            response.json({ orders: await Promise.all(seen.map(told)) });
          });
        },
      ],
    },
    {
      method: 'get',
      path: `${BULK_ORDERS_PATH}/:id`,
      summary: 'One order: what would become of it, who decided, how far it is.',
      gives: { [JSON_TYPE]: ORDER },
      problems: [...ASKED, PROBLEMS.ORDER_UNKNOWN],
      handlers: [
        sees,
        async (request, response) => {
          await orProblem(async () => response.json(await told(await seenOrder(orders, request))));
        },
      ],
    },
    {
      method: 'post',
      path: `${BULK_ORDERS_PATH}/:id/approve`,
      summary:
        'Have exactly the input with that digest issued; never by the filer, nor by anyone of the same hand.',
      takes: { [JSON_TYPE]: APPROVAL },
      gives: { [JSON_TYPE]: ORDER },
      problems: [
        ...DECIDED,
        PROBLEMS.REQUEST_INCOMPLETE,
        PROBLEMS.JSON_INVALID,
        PROBLEMS.BODY_INVALID,
        PROBLEMS.BODY_TOO_LARGE,
        PROBLEMS.CONTENT_TYPE_UNSUPPORTED,
        PROBLEMS.FOUR_EYES,
        PROBLEMS.ORDER_CHANGED,
        PROBLEMS.BUSY,
      ],
      handlers: [
        mediaGuard([JSON_TYPE]),
        needs(environment, 'approve'),
        async (request, response) => {
          const { data } = APPROVAL.safeParse(readJson(await readBody(request)));
          if (data === undefined) throw new Problem(PROBLEMS.BODY_INVALID);
          await orProblem(async () => {
            const order = await seenOrder(orders, request);
            const { client } = callerOf(request);
            assertAnotherHand(clients, order.client, client);
            response.json(await told(await orders.approve(order.id, data.digest, client)));
          });
        },
      ],
    },
    {
      method: 'post',
      path: `${BULK_ORDERS_PATH}/:id/refuse`,
      summary: 'End an order before it is approved; its input is deleted. Its filer may do so too.',
      gives: { [JSON_TYPE]: ORDER },
      problems: DECIDED,
      handlers: [
        needs(environment, 'approve', 'issue'),
        async (request, response) => {
          await orProblem(async () => {
            const order = await seenOrder(orders, request);
            const { client, scopes } = callerOf(request);
            // Whoever only audits sees it too.
            if (order.client !== client && !scopes.has('approve')) throw new Problem(PROBLEMS.SCOPE_MISSING);
            const refusal = order.client === client ? 'WITHDRAWN' : 'BY_APPROVER';
            response.json(await told(await orders.refuse(order.id, refusal, client)));
          });
        },
      ],
    },
    ...(['cards', 'refused'] as const).map((which): Endpoint => ({
      method: 'get',
      path: `${BULK_ORDERS_PATH}/:id/${which}`,
      summary:
        which === 'cards'
          ? 'The cards of an order of one’s own that is done, a line each.'
          : 'The refused lines of it, each with its reason.',
      gives: { [LINES_TYPE]: 'bytes' },
      problems: [...ASKED, PROBLEMS.ORDER_UNKNOWN, PROBLEMS.ORDER_STATE, PROBLEMS.ORDER_GONE],
      handlers: [
        needs(environment, 'issue'),
        async (request, response) => {
          await orProblem(async () => {
            const order = await seenOrder(orders, request);
            if (order.client !== callerOf(request).client) throw new Problem(PROBLEMS.ORDER_UNKNOWN);
            if (order.isGone === true) throw new Problem(PROBLEMS.ORDER_GONE);
            if (order.state !== 'done') throw new Problem(PROBLEMS.ORDER_STATE);
            const paths = await orders.files(order, which).catch(() => {
              throw new Problem(PROBLEMS.ORDER_GONE);
            });
            response.setHeader('Content-Type', LINES_TYPE);
            // Whoever goes away in the middle is no fault of ours.
            await pipeline(contentOf(paths), response).catch(() => undefined);
          });
        },
      ],
    })),
  ];

  async function fileOrder(request: Request): Promise<OrderRecord> {
    const { product } = readQuery(request, { product: PRODUCT });
    const { id } = clientOf(request);
    await orders.table.assertRoom(id, clock());
    if (bodies.of(id) > 0 || bodies.total() >= MOST_BODIES) throw new Problem(PROBLEMS.BUSY);
    const giveBack = bodies.take(id);
    try {
      const { bytes, lines } = receiveLines(request, lineLimits);
      const draft = await orders.receive(bytes, lines);
      try {
        // Anew: it may have been disabled while its lines came.
        const client = clientOf(request);
        const cost = { client, kind: 'bulk', amount: draft.input.lines, now: clock() } as const;
        return await quotas.spend(cost, async (spent) =>
          orders.file(draft, { client: id, product }, spent()),
        );
      } catch (error) {
        await orders.discard(draft.id);
        throw error;
      }
    } finally {
      giveBack();
    }
  }
}

/** Of another client's order nobody learns that it is there. */
function maySee(request: Request, { client }: OrderRecord): boolean {
  const caller = callerOf(request);
  return caller.client === client || caller.scopes.has('approve') || caller.scopes.has('audit');
}

async function seenOrder(orders: BulkOrders, request: Request): Promise<OrderRecord> {
  const { id = '' } = request.params as Readonly<Record<string, string>>;
  const order = await orders.table.get(id);
  if (order === undefined || !maySee(request, order)) throw new Problem(PROBLEMS.ORDER_UNKNOWN);
  return order;
}

/**
 * Four eyes are those of two people. A client that another one took in is of the same hand, since whoever took it in holds
 * its key; so are two that a third took in. Those that were taken in where the folder is are told apart by its operator.
 */
function assertAnotherHand(clients: Clients, filer: string, approver: string): void {
  if (filer === approver) throw new Problem(PROBLEMS.FOUR_EYES, 'OWN_ORDER');
  if (clients.originOf(filer) === clients.originOf(approver)) {
    throw new Problem(PROBLEMS.FOUR_EYES, 'SAME_HAND');
  }
  // A key that was found to be stolen orders nothing any more.
  if (clients.get(filer) === undefined) throw new Problem(PROBLEMS.FOUR_EYES, 'FILER_DISABLED');
}

async function* contentOf(paths: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const path of paths) yield* createReadStream(path) as AsyncIterable<Uint8Array>;
}

async function orProblem(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    throw problemOf(error);
  }
}
