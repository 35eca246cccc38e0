import type { InputFile } from './input-lines.ts';
import type { IssuerStore } from '../issuer-store.ts';
import type { BulkState, BulkStates } from './bulk-state.ts';
import { refusedPath } from './card-files.ts';
import { ChunkFiles } from './chunk-files.ts';
import type { ChunkJobs } from './chunk-jobs.ts';
import { assertWholeInput, ChunkRecords, totalsOf } from './chunk-records.ts';
import type { ChunkMeans, ChunkOrder } from './issue-chunks.ts';
import { issueShared } from './issue-shared.ts';
import type { BulkReport } from './run-bulk.ts';

/** With what a shared bulk is run. */
export interface SharedMeans {
  readonly store: IssuerStore;
  readonly states: BulkStates;
  readonly state: BulkState;
  readonly input: InputFile;
  /** None of a store that came out of a backup of a shared one: there is nobody to share with. */
  readonly jobs: ChunkJobs | undefined;
  /** Makes ready what chunks are issued with, runs, and gives it up. */
  readonly withMeans: (run: (means: ChunkMeans) => Promise<void>) => Promise<void>;
}

/**
 * Takes part in a bulk that several agents on one database share, until it is done, and has the one who is last make the
 * files of it that a single agent makes. The report is that of all agents. Errors as `runBulk`.
 */
export async function runShared(
  { store, states, state, input, jobs, withMeans }: SharedMeans,
  order: ChunkOrder & { readonly out: string },
): Promise<BulkReport> {
  const { out, batch, product } = order;
  const records = new ChunkRecords(store, batch);
  const files = new ChunkFiles(out, batch);
  const alone = jobs?.alone ?? (async <T>(run: () => Promise<T>): Promise<T> => run());
  try {
    if (!state.finished && jobs !== undefined) {
      const bulk = { input, size: state.input.size, jobs, records, files };
      await withMeans(async (means) => issueShared(means, order, bulk));
    }
    const all = await records.all();
    const totals = totalsOf(all.values());
    const finished = state.finished || (await isDone(jobs, all.size));
    const report = { batch, product, ...totals, finished, refusedFile: refusedPath(out, batch) };
    if (!finished) return { ...report, shards: [] };
    assertWholeInput(all, state.input.size);
    if (!state.finished) {
      await states.save(batch, { ...state, ...totals, offset: state.input.size, finished });
    }
    const made = await alone(async () => files.assemble(all));
    return 'shards' in made ? { ...report, ...made } : { ...report, ...made, shards: [] };
  } finally {
    jobs?.close();
  }
}

async function isDone(jobs: ChunkJobs | undefined, counted: number): Promise<boolean> {
  const plan = await jobs?.plan();
  return plan?.isWhole === true && plan.chunks === counted;
}
