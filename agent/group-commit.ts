import type { AuditEntry } from './audit/audit-entry.ts';
import type { AuditTrail } from './audit/audit-trail.ts';
import { IssuerError } from './issuer-error.ts';
import type { RawStore } from './raw-store.ts';
import type { Batch, StoreBackend } from './store-backend.ts';
import type { StoreWatch, Watcher } from './store-watch.ts';
import type { Operation, Write } from './store-table.ts';

/** What a call has written, and what becomes of it. */
export interface Change {
  readonly operations?: readonly Operation[];
  /** Made at the moment of writing, one per name and batch: the state of a counter must never be overwritten by an older one. */
  readonly closing?: ReadonlyMap<string, () => Operation>;
  /** What is done by it, for the audit log. */
  readonly audit?: readonly AuditEntry[];
  /** Called once it is durable, before anybody is told. */
  readonly settled?: () => void;
  /** Called if it has not come to that. */
  readonly undone?: () => void;
}

interface Waiting {
  /** Written in any case, if what they ask for holds. */
  readonly required: readonly Operation[];
  readonly make: () => Change;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** What is done while nothing is written. */
interface Task {
  readonly run: () => Promise<void>;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** What a call came to, once others cannot write any more. */
interface Decided {
  readonly waiting: Waiting;
  readonly change: Change;
  readonly writes: readonly Write[];
}

/** Calls that wait together share a batch of the store, its record of the audit log, and what makes it durable. */
export class GroupCommit {
  readonly #backend: StoreBackend;
  readonly #trail: AuditTrail;
  readonly #watch: StoreWatch;
  readonly #clock: () => number;
  #waiting: Waiting[] = [];
  #tasks: Task[] = [];
  #flushing: Promise<void> | undefined;
  #over: IssuerError | undefined;
  #broken: IssuerError | undefined;
  #currentAt = performance.now();

  constructor(
    { backend, trail, watch }: { backend: StoreBackend; trail: AuditTrail; watch: StoreWatch },
    clock: () => number,
  ) {
    this.#backend = backend;
    this.#trail = trail;
    this.#watch = watch;
    this.#clock = clock;
  }

  /** See `IssuerStore.decide`. */
  write(required: readonly Operation[], make: () => Change): Promise<void> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    return new Promise((done, refused) => {
      let isOver = false;
      const failed = (error: unknown): void => {
        if (isOver) return;
        isOver = true;
        for (const each of required) if (each.type === 'made') each.dropped?.();
        refused(error instanceof Error ? error : new Error('A call failed.', { cause: error }));
      };
      this.#waiting.push({ required, make, done, failed });
      this.#flushing ??= this.#flush();
    });
  }

  /** Takes in what other agents have written. IssuerError STORE_UNAVAILABLE, AUDIT_BROKEN. */
  async look(): Promise<void> {
    if (!this.#backend.isShared) return;
    await this.#between(async () => {
      if (this.#broken !== undefined) throw this.#broken;
      await this.#backend.atOneMoment(async (raw) => this.#catchUp(raw));
    });
  }

  /** See `IssuerStore.follow`. */
  async follow(table: string, watcher: Watcher): Promise<void> {
    await this.#between(async () =>
      this.#backend.atOneMoment(async (raw) => {
        await this.#catchUp(raw);
        // Whoever administers the database could put a client of theirs among the others.
        await this.#watch.follow(raw, { table, watcher }, (name, bytes) =>
          this.#trail.assertTold(name, bytes),
        );
      }),
    );
  }

  /** For how long nothing is known of what others have written, in milliseconds; 0 if there are no others. */
  get staleMs(): number {
    return this.#backend.isShared ? performance.now() - this.#currentAt : 0;
  }

  /** Why nothing is written any more: the store is not what its log says. */
  get broken(): IssuerError | undefined {
    return this.#broken;
  }

  break(error: IssuerError): void {
    this.#broken ??= error;
  }

  /** Waits for what is being written; whatever comes later is refused. */
  async close(refusal: IssuerError): Promise<void> {
    this.#over = refusal;
    await this.#flushing;
  }

  #between(run: () => Promise<void>): Promise<void> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    return new Promise((done, failed) => {
      this.#tasks.push({ run, done, failed });
      this.#flushing ??= this.#flush();
    });
  }

  async #flush(): Promise<void> {
    // One turn later, so that everything asked for in this turn shares the batch.
    await Promise.resolve();
    while (this.#waiting.length > 0 || this.#tasks.length > 0) {
      const [group, tasks] = [this.#waiting, this.#tasks];
      [this.#waiting, this.#tasks] = [[], []];
      if (group.length > 0) await this.#writeGroup(group);
      for (const task of tasks) await perform(task);
    }
    // In the same turn in which nothing was left: whoever comes later starts anew.
    this.#flushing = undefined;
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    let decided: readonly Decided[] = [];
    try {
      if (this.#broken !== undefined) throw this.#broken;
      await this.#backend.write(async (raw) => {
        await this.#catchUp(raw);
        decided = decide(await possible(group, raw));
        return this.#batch(decided);
      });
      for (const { change } of decided) change.settled?.();
      for (const { waiting } of decided) waiting.done();
    } catch (error) {
      for (const { change } of decided.toReversed()) change.undone?.();
      // Those that were refused by themselves have been told why.
      for (const waiting of group) waiting.failed(error);
    }
  }

  #batch(decided: readonly Decided[]): Batch | undefined {
    const closing = new Map(decided.flatMap(({ change }) => [...(change.closing ?? [])]));
    const entries = decided.flatMap(({ change }) => change.audit ?? []);
    const writes = [
      ...decided.flatMap((each) => each.writes),
      ...[...closing.values()].map((make) => written(make())),
    ];
    if (writes.length === 0 && entries.length === 0) return undefined;
    const audited = this.#trail.audit(writes, entries, Math.floor(this.#clock()));
    return {
      writes: [...writes, ...audited.operations],
      mark: audited.mark,
      // The witness after the database: it must never have seen more than is there.
      settle: () => this.#trail.settle(audited),
      undone: () => this.#trail.recover(),
    };
  }

  async #catchUp(raw: RawStore): Promise<void> {
    if (!this.#backend.isShared) return;
    const startedAt = performance.now();
    try {
      const followed = await this.#trail.read(raw);
      if (followed !== undefined) {
        const tell = await this.#watch.read(raw, followed.writes);
        this.#trail.take(followed);
        tell();
      }
      // Of a batch that nobody was told of, the witness may have missed that it was written.
      await this.#trail.recover();
      this.#currentAt = startedAt;
    } catch (error) {
      if (error instanceof IssuerError && error.code === 'AUDIT_BROKEN') this.break(error);
      throw error;
    }
  }
}

async function perform({ run, done, failed }: Task): Promise<void> {
  try {
    await run();
    done();
  } catch (error) {
    failed(error);
  }
}

/** Those of a group whose conditions hold; the others are refused. */
async function possible(group: readonly Waiting[], raw: RawStore): Promise<readonly Waiting[]> {
  const keys = group.flatMap(({ required }) =>
    required.flatMap((each) => (each.type === 'add' ? each.key : [])),
  );
  if (keys.length === 0) return group;
  const held = await raw.getMany(keys);
  const there = new Map(keys.map((key, at) => [key, held[at]]));
  return group.filter((waiting) => {
    if (waiting.required.every((each) => each.type !== 'add' || isSame(there.get(each.key), each.instead))) {
      // Of two in one group that add the same record, the second comes too late.
      for (const each of waiting.required) {
        if (each.type === 'made' || !there.has(each.key)) continue;
        there.set(each.key, each.type === 'del' ? undefined : each.value);
      }
      return true;
    }
    waiting.failed(changed());
    return false;
  });
}

function decide(group: readonly Waiting[]): readonly Decided[] {
  return group.flatMap((waiting) => {
    let change: Change | undefined;
    try {
      change = waiting.make();
      const writes = [...waiting.required, ...(change.operations ?? [])].map(written);
      return { waiting, change, writes };
    } catch (error) {
      change?.undone?.();
      waiting.failed(error);
      return [];
    }
  });
}

function written(operation: Operation): Write {
  if (operation.type === 'made') return operation.make();
  return operation.type === 'add' ? { type: 'put', key: operation.key, value: operation.value } : operation;
}

function isSame(held: Uint8Array | undefined, asked: Uint8Array | undefined): boolean {
  if (held === undefined || asked === undefined) return held === asked;
  return Buffer.compare(held, asked) === 0;
}

function changed(): IssuerError {
  return new IssuerError('RECORD_CHANGED', 'Somebody else has written this record at the same time.');
}
