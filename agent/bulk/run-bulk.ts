import { open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import type { Issuance } from '../card-issuance.ts';
import type { IssuancePolicy } from '../issuance-policy.ts';
import { IssuerError } from '../issuer-error.ts';
import type { IssuerStore } from '../issuer-store.ts';
import type { ProductName } from '../products.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import { signEach } from './asked-signatures.ts';
import { BulkStates, type BulkState } from './bulk-state.ts';
import { CardFiles } from './card-files.ts';
import { chunkPool } from './chunk-pool.ts';
import type { ChunkTrust } from './issue-chunk.ts';
import { issueChunks, type BulkProgress, type ChunkMeans } from './issue-chunks.ts';
import { fingerprintOf, type InputFile } from './input-lines.ts';
import { runShared } from './run-shared.ts';

/** What is to be issued, from what, into which folder. */
export interface BulkOrder {
  /** File of FHIR bundles, one a line, by its path; or open, to be closed. */
  readonly input: string | InputFile;
  readonly out: string;
  readonly product: ProductName;
  /** Name of the bulk; that of the input without its ending unless said. */
  readonly batch?: string;
  readonly kid?: string;
  /** All cores unless said. */
  readonly threads?: number;
  readonly linesPerChunk?: number;
  /** Ends the bulk after what is under way; the same order goes on from there. */
  readonly signal?: AbortSignal;
  readonly told?: (progress: BulkProgress) => void;
  /** Told in words of what is waited for. */
  readonly warned?: (words: string) => void;
}

/** What a bulk came to, from its beginning on, however often it was interrupted. */
export interface BulkReport extends Pick<
  BulkState,
  'product' | 'lines' | 'cards' | 'withoutQr' | 'reasons' | 'finished'
> {
  readonly batch: string;
  readonly shards: readonly string[];
  readonly refusedFile: string;
  /** So many parts of it lie in the folders of other agents, and no files were made of it. */
  readonly elsewhere?: number;
}

/** What a bulk needs of its issuer. */
export interface BulkIssuance extends Issuance {
  readonly store: IssuerStore;
  readonly policy: IssuancePolicy;
  /** Unix seconds. */
  readonly clock: () => number;
}

/** Chunks under way for each thread: none waits for the disk, and none for another. */
const AHEAD_PER_THREAD = 2;

/**
 * Issues a product to everybody in a file, on all cores: chunk by chunk, each with indices that are spent on disk before
 * anything of it can be seen, and counted once its cards and their records are on disk (decision 0030). Killed at any
 * moment, the same order goes on with the first chunk that did not count, under new indices.
 *
 * IssuerError INPUT_UNREADABLE, BATCH_INVALID, BULK_CHANGED, OUTPUT_UNWRITABLE, NOT_ANCHORED, ANCHOR_MISMATCH,
 * NOT_VERIFIED, STORE_DAMAGED, STORE_UNAVAILABLE, and those of `SigningKeys.choose`.
 */
export async function runBulk(issuance: BulkIssuance, order: BulkOrder): Promise<BulkReport> {
  const input = typeof order.input === 'string' ? await openInput(order.input) : order.input;
  try {
    return await issueFile(issuance, order, input);
  } finally {
    await input.close();
  }
}

async function openInput(path: string): Promise<InputFile> {
  return open(path).catch((error: unknown) => {
    throw new IssuerError('INPUT_UNREADABLE', 'The file of records cannot be read.', { cause: error });
  });
}

async function issueFile(issuance: BulkIssuance, order: BulkOrder, input: InputFile): Promise<BulkReport> {
  const { store } = issuance;
  const { out, product, batch = nameOf(order.input) } = order;
  const states = new BulkStates(store);
  const begun = await states.begin(batch, { input: await fingerprintOf(input), product });
  if (begun.isNew) await CardFiles.assertNone(out, batch);
  // From here on what lies in these files is ours.
  const state = begun.isNew ? await states.first(batch, begun.state) : begun.state;
  const named = { ...order, batch };
  if (state.shared === true) {
    const withMeans = async (run: (means: ChunkMeans) => Promise<void>): Promise<void> =>
      issuing(issuance, order, run);
    const jobs = store.shared?.jobsOf(batch);
    return runShared({ store, states, state, input, jobs, withMeans }, named);
  }
  const files = await CardFiles.open(out, batch, state);
  try {
    const end = state.finished
      ? state
      : await issuing(issuance, order, async (means) =>
          issueChunks(means, named, { input, files, states, state }),
        );
    const { lines, cards, withoutQr, reasons, finished } = end;
    const written = { shards: files.paths, refusedFile: files.refusedPath };
    return { batch, product, lines, cards, withoutQr, reasons, finished, ...written };
  } finally {
    await files.close();
  }
}

/** That of a file without its ending; one that is open has none. */
function nameOf(input: string | InputFile): string {
  return typeof input === 'string' ? basename(input).replace(/\.[a-z]+$/, '') : '';
}

/** Makes ready what chunks are issued with, and runs. */
async function issuing<T>(
  { store, ledger, identity, policy, signerOf, clock, chooseKey, trustIn }: BulkIssuance,
  { product, kid: wanted, threads = availableParallelism() }: BulkOrder,
  run: (means: ChunkMeans) => Promise<T>,
): Promise<T> {
  const { kid } = chooseKey(Math.floor(clock()), wanted);
  const taken = await ledger.cards.blocks.taken(kid);
  // By then what other agents took is known.
  await store.look();
  if (taken > ledger.drawn(kid)) {
    throw new IssuerError('STORE_DAMAGED', 'The store has lost count of the indices it gave away.');
  }
  const signer = await signerOf(kid);
  // Before indices are spent.
  await signer.ready(kid);
  const keys = { kid, privateKey: await signer.handOut(kid), tagKeys: store.box.tagKeys };
  const pool = chunkPool({ identity, product, policy, ...keys }, threads, async (texts) =>
    signEach(texts, async (bytes) => signer.sign(kid, bytes)),
  );
  /** The moment of issuance, if the key may sign at it. */
  const moment = (): number => {
    const now = Math.floor(clock());
    chooseKey(now, kid);
    return now;
  };
  try {
    const ahead = AHEAD_PER_THREAD * threads;
    const trust = numbered(() => trustIn(kid));
    return await run({ store, ledger, kid, moment, trust, issue: pool.issue, ahead });
  } finally {
    await pool.close();
  }
}

/** Trust data with a number that rises whenever it is made anew. */
function numbered(trustNow: () => Trust): () => ChunkTrust {
  let [version, last] = [0, trustNow()];
  return () => {
    const trust = trustNow();
    if (trust !== last) [version, last] = [version + 1, trust];
    return { version, document: trust.document };
  };
}
