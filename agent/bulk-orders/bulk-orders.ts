import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import type { BulkState } from '../bulk/bulk-state.ts';
import { IssuerError } from '../issuer-error.ts';
import type { Issuer } from '../issuer.ts';
import type { ProductName } from '../products.ts';
import type { Spent } from '../service/quotas.ts';
import { checkOrder } from './check-order.ts';
import { faultOf, isDiskFault, isFinal, orderDisowned } from './order-fault.ts';
import { openInput, sealInput } from './order-input.ts';
import { batchOf, type OrderRecord, type OrderRefusal } from './order-record.ts';
import { isOpen, OrderTable } from './order-table.ts';
import { untilTrue } from './until-true.ts';

/** An input that was written down, and is no order yet. */
export type DraftOrder = Pick<OrderRecord, 'id' | 'input'>;

const ID_BYTES = 9;
const DAY = 86_400;
/** Whoever files on a Friday has it decided about on a Monday. */
const DECIDE_SECONDS = 7 * DAY;
/** Cards lie there in clear until they are fetched. */
const RESULT_SECONDS = 7 * DAY;
const REMEMBER_SECONDS = 90 * DAY;
/** What stops an order that its operator can do something about is tried again so often. */
const RETRY_MS = 10_000;
/** So soon an order ends of which a client was disabled; a chunk of lines takes longer. */
const DISOWNED_MS = 250;

/** What orders need of the service that they are filed at. */
export interface OrderTerms {
  readonly issuer: Issuer;
  /** Of the files. */
  readonly folder: string;
  /** Unix seconds. */
  readonly clock: () => number;
  /** Whether a client may still do anything. */
  readonly isClient: (id: string) => boolean;
  /** Told of what nobody foresaw. */
  readonly told: (fault: unknown) => void;
}

/** The orders of an issuer with their files, and what works them off, one at a time, over restarts. */
export class BulkOrders {
  readonly table: OrderTable;
  readonly #issuer: Issuer;
  readonly #folder: string;
  readonly #clock: () => number;
  readonly #isClient: OrderTerms['isClient'];
  readonly #stop = new AbortController();
  readonly #faults = new Map<string, string>();
  readonly #told: (fault: unknown) => void;
  #wake: () => void = () => undefined;
  #work: Promise<void> | undefined;
  #swept: Promise<void> = Promise.resolve();

  constructor({ issuer, folder, clock, isClient, told }: OrderTerms) {
    this.#told = told;
    this.#isClient = isClient;
    this.table = new OrderTable(issuer.service);
    this.#issuer = issuer;
    this.#folder = folder;
    this.#clock = clock;
  }

  /** Begins to work off what there is. */
  start(): void {
    if (this.#work !== undefined) return;
    this.#swept = this.#tryTo(async () => this.#dropStrangers());
    this.#work = this.#loop();
  }

  /** Ends after what is under way; the next start goes on from there. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#work;
  }

  /** Writes an input down, sealed, while it comes; nothing is ordered yet. Errors as whatever it comes from. */
  async receive(plain: AsyncIterable<Uint8Array>, linesOf: () => number): Promise<DraftOrder> {
    // What came before the process began is thrown away, and this must not be taken for it.
    await this.#swept;
    const id = randomBytes(ID_BYTES).toString('base64url');
    try {
      const input = await sealInput(this.#inputPath(id), plain, this.#bound(id));
      return { id, input: { ...input, lines: linesOf() } };
    } catch (error) {
      await this.discard(id);
      throw isDiskFault(error)
        ? new IssuerError('STORE_UNAVAILABLE', 'The input cannot be written down.', { cause: error })
        : error;
    }
  }

  /** Makes an order of it. IssuerError as `OrderTable.file`; the input stays in any case. */
  async file(
    draft: DraftOrder,
    { client, product }: { readonly client: string; readonly product: ProductName },
    spent: Spent,
  ): Promise<OrderRecord> {
    const filedAt = Math.floor(this.#clock());
    const order: OrderRecord = { ...draft, client, product, filedAt, state: 'checking' };
    await this.table.file(order, spent);
    this.#wake();
    return order;
  }

  /** Throws away all files of an order. */
  async discard(id: string): Promise<void> {
    await rm(join(this.#folder, id), { recursive: true, force: true });
  }

  /** Has exactly the bytes with that digest issued. IssuerError ORDER_UNKNOWN, ORDER_STATE, ORDER_CHANGED. */
  async approve(id: string, digest: string, client: string): Promise<OrderRecord> {
    if ((await this.table.get(id))?.input.digest !== digest) {
      throw new IssuerError('ORDER_CHANGED', 'This is not the input that was handed in.');
    }
    const change = { state: 'approved', decidedBy: client, decidedAt: Math.floor(this.#clock()) } as const;
    const order = await this.table.move(id, ['pending'], change, { step: 'approved', client, digest });
    this.#wake();
    return order;
  }

  /** Ends an order that nobody has approved; its input is deleted. IssuerError ORDER_UNKNOWN, ORDER_STATE. */
  async refuse(id: string, refusal: OrderRefusal, client?: string): Promise<OrderRecord> {
    const at = Math.floor(this.#clock());
    const by = client === undefined ? {} : { client };
    const decidedBy = client === undefined ? {} : { decidedBy: client };
    const order = await this.table.move(
      id,
      ['checking', 'pending'],
      { state: 'refused', refusal, ...decidedBy, decidedAt: at, endedAt: at, isGone: true },
      { step: 'refused', ...by, code: refusal },
    );
    await this.discard(id);
    return order;
  }

  /** How far an order that is being issued is; and what keeps it from going on, if anything does. */
  async progress(
    order: OrderRecord,
  ): Promise<{ readonly lines: number; readonly cards: number; readonly waitsFor: string | null }> {
    const state = await this.#issuer.service.table<BulkState>('bulks').get(batchOf(order));
    const waitsFor = this.#faults.get(order.id) ?? null;
    return { lines: state?.lines ?? 0, cards: state?.cards ?? 0, waitsFor };
  }

  /** The files of an order that is done, by whether they are of cards or of refused lines. */
  async files(order: OrderRecord, which: 'cards' | 'refused'): Promise<readonly string[]> {
    const folder = this.#outputPath(order.id);
    const names = (await readdir(folder)).filter((name) => name.endsWith('.ndjson')).toSorted();
    const isRefused = (name: string): boolean => name.endsWith('-refused.ndjson');
    return names
      .filter((name) => isRefused(name) === (which === 'refused'))
      .map((name) => join(folder, name));
  }

  async #loop(): Promise<void> {
    const isStopped = (): boolean => this.#stop.signal.aborted;
    await this.#swept;
    while (!isStopped()) {
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      await this.#tryTo(async () => this.#expire());
      await this.#tryTo(async () => {
        for (const order of (await this.table.all()).filter(isOpen)) {
          if (isStopped()) return;
          await this.#advance(order);
        }
      });
      const retry = setTimeout(() => {
        this.#wake();
      }, RETRY_MS).unref();
      if (!isStopped()) await woken;
      clearTimeout(retry);
    }
  }

  /** What fails here is tried again: by then the disk may be back. */
  async #tryTo(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof IssuerError) && !isDiskFault(error)) this.#told(error);
    }
  }

  async #advance(order: OrderRecord): Promise<void> {
    try {
      if (order.state === 'checking') await this.#check(order);
      else if (order.state === 'approved') await this.#issue(order);
      this.#faults.delete(order.id);
    } catch (error) {
      const code = faultOf(error);
      if (code === 'INTERNAL') this.#told(error);
      // Somebody has refused it meanwhile.
      if ((await this.table.get(order.id))?.state !== order.state) return;
      this.#faults.set(order.id, code);
      if (isFinal(code)) await this.#fail(order, code);
    }
  }

  async #check(order: OrderRecord): Promise<void> {
    const input = await openInput(this.#inputPath(order.id), order.input, this.#bound(order.id));
    try {
      const { product } = order;
      const { repeats, ...check } = await checkOrder(this.#issuer, {
        input,
        product,
        now: this.#clock(),
        signal: this.#stop.signal,
      });
      if (repeats) {
        await this.refuse(order.id, 'PERSON_REPEATED');
        return;
      }
      const { cards } = check;
      await this.table.move(order.id, ['checking'], { state: 'pending', check }, { step: 'checked', cards });
    } finally {
      await input.close();
    }
  }

  async #issue(order: OrderRecord): Promise<void> {
    const { id, product } = order;
    const isDisowned = (): boolean => this.#isDisowned(order);
    if (isDisowned()) throw orderDisowned();
    const report = await untilTrue(isDisowned, DISOWNED_MS, async (disowned) =>
      this.#issuer.issueBulk({
        input: await openInput(this.#inputPath(id), order.input, this.#bound(id)),
        out: this.#outputPath(id),
        product,
        batch: batchOf(order),
        // One core is left to those who wait for an answer.
        threads: Math.max(1, availableParallelism() - 1),
        signal: AbortSignal.any([this.#stop.signal, disowned]),
      }),
    );
    if (!report.finished && isDisowned()) throw orderDisowned();
    if (!report.finished) return;
    const { cards, reasons, withoutQr } = report;
    const endedAt = Math.floor(this.#clock());
    const outcome = { cards, reasons, withoutQr };
    await this.table.move(id, ['approved'], { state: 'done', outcome, endedAt }, { step: 'ended', cards });
    await rm(this.#inputPath(id), { force: true });
  }

  /** Four eyes were not there if one of the two keys was a thief's: whoever disables it ends what was approved with it. */
  #isDisowned({ client, decidedBy = client }: OrderRecord): boolean {
    return !this.#isClient(client) || !this.#isClient(decidedBy);
  }

  async #fail(order: OrderRecord, fault: string): Promise<void> {
    const endedAt = Math.floor(this.#clock());
    await this.table.move(
      order.id,
      ['checking', 'approved'],
      { state: 'failed', fault, endedAt },
      { step: 'failed', code: fault },
    );
    await rm(this.#inputPath(order.id), { force: true });
  }

  async #expire(): Promise<void> {
    const now = this.#clock();
    for (const order of await this.table.all()) {
      const { id, state, filedAt, endedAt = Infinity } = order;
      if (state === 'pending' && now >= filedAt + DECIDE_SECONDS) await this.refuse(id, 'EXPIRED');
      else if (now >= endedAt + REMEMBER_SECONDS) await this.table.forget(id);
      else if (order.isGone === undefined && now >= endedAt + RESULT_SECONDS) {
        await this.discard(id);
        await this.table.move(id, ['done', 'failed'], { isGone: true }, { step: 'deleted' });
      }
    }
  }

  /** Inputs that became no order before the process ended, and those of orders that were refused just then. */
  async #dropStrangers(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names) {
      const order = await this.table.get(name);
      if (order === undefined || order.isGone === true) await this.discard(name);
      else if (!isOpen(order)) await rm(this.#inputPath(name), { force: true });
    }
  }

  #bound(order: string): Parameters<typeof openInput>[2] {
    return { box: this.#issuer.service.box, order };
  }

  #inputPath(id: string): string {
    return join(this.#folder, id, 'input.sealed');
  }

  #outputPath(id: string): string {
    return join(this.#folder, id, 'cards');
  }
}
