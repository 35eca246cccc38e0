import { IssuerError } from '../issuer-error.ts';
import type { IssuerStore } from '../issuer-store.ts';
import type { ProductName } from '../products.ts';
import type { StatusLedger } from '../status-ledger.ts';
import type { BulkState, BulkStates } from './bulk-state.ts';
import type { CardFiles } from './card-files.ts';
import { sum } from './chunk-records.ts';
import { inputChunks, type InputChunk, type InputFile } from './input-lines.ts';
import type { ChunkTrust, IssueChunk, IssuedChunk } from './issue-chunk.ts';

/** How far a bulk is. */
export interface BulkProgress extends Pick<BulkState, 'offset' | 'lines' | 'cards'> {
  /** Bytes of the input. */
  readonly size: number;
}

/** A bulk as it was found. */
export interface BegunBulk {
  readonly input: InputFile;
  readonly files: CardFiles;
  readonly states: BulkStates;
  readonly state: BulkState;
}

/** With what a bulk is issued. */
export interface ChunkMeans {
  readonly store: IssuerStore;
  readonly ledger: StatusLedger;
  readonly kid: string;
  /** The moment of issuance, Unix seconds; IssuerError KEY_NOT_VALID if the key may not sign at it. */
  readonly moment: () => number;
  /** What a venue could know of the key by now. IssuerError NOT_ANCHORED, ANCHOR_MISMATCH. */
  readonly trust: () => ChunkTrust;
  readonly issue: IssueChunk;
  /** How many chunks are under way at most. */
  readonly ahead: number;
}

/** What is issued, and whom to tell of it. */
export interface ChunkOrder {
  readonly batch: string;
  readonly product: ProductName;
  readonly linesPerChunk?: number;
  readonly signal?: AbortSignal;
  readonly told?: (progress: BulkProgress) => void;
  /** Told in words of what is waited for. */
  readonly warned?: (words: string) => void;
}

/** A chunk whose indices are spent on disk. */
interface UnderWay {
  readonly chunk: InputChunk;
  readonly first: number;
  readonly issuedAt: number;
  readonly issued: Promise<IssuedChunk>;
}

/** Some 0.5 s of a core: little is lost to a kill, and four fsyncs a chunk do not count. */
export const LINES_PER_CHUNK = 2048;

/** Issues what is left of a bulk, and answers how far it came; errors as `runBulk`. */
export async function issueChunks(
  means: ChunkMeans,
  order: ChunkOrder,
  begun: BegunBulk,
): Promise<BulkState> {
  const { input, states, state: before } = begun;
  const { batch, signal, linesPerChunk = LINES_PER_CHUNK, told = () => undefined } = order;
  const underWay: UnderWay[] = [];
  let state = before;
  const settleNext = async (): Promise<void> => {
    const next = underWay.shift();
    if (next === undefined) return;
    try {
      state = await count(means, order, { ...begun, state }, next);
    } catch (error) {
      // What comes after it in the input must not count before it.
      underWay.length = 0;
      throw error;
    }
    told({ ...state, size: state.input.size });
  };

  told({ ...state, size: state.input.size });
  let stopped: unknown;
  for await (const chunk of inputChunks(input, state, linesPerChunk)) {
    if (signal?.aborted === true) break;
    try {
      underWay.push(await beginChunk(means, chunk));
    } catch (error) {
      stopped = roomed(error, chunk, state.input.size);
      break;
    }
    if (underWay.length >= means.ahead) await settleNext();
  }
  while (underWay.length > 0) await settleNext();
  if (stopped !== undefined) throw stopped as Error;
  if (state.offset < state.input.size) return state;
  state = { ...state, finished: true };
  await states.save(batch, state);
  return state;
}

/** Takes the indices of a chunk and has its cards made. IssuerError as `StatusLedger.reserve`, KEY_NOT_VALID. */
export async function beginChunk(
  { ledger, kid, moment, trust, issue }: ChunkMeans,
  chunk: InputChunk,
): Promise<UnderWay> {
  const issuedAt = moment();
  const { first, indices } = await ledger.reserve(kid, chunk.lines);
  const { firstLine, lines, bytes } = chunk;
  const issued = issue({ firstLine, lines, bytes, indices, nbf: issuedAt, trust: trust() });
  // It is looked at when its turn comes.
  issued.catch(() => undefined);
  return { chunk, first, issuedAt, issued };
}

/** Makes a chunk count: its cards on disk first, then, in one batch, their records and how far the bulk is. */
async function count(
  { store, ledger, kid }: ChunkMeans,
  { batch, product }: ChunkOrder,
  { files, states, state }: BegunBulk,
  { chunk, first, issuedAt, issued }: UnderWay,
): Promise<BulkState> {
  const { cards, refused, rows, reasons, withoutQr } = await issued;
  const sizes = await files.append({ cards, count: rows.length, refused });
  const next: BulkState = {
    ...state,
    ...sizes,
    offset: chunk.end,
    lines: state.lines + chunk.lines,
    cards: state.cards + rows.length,
    withoutQr: state.withoutQr + withoutQr,
    reasons: sum(state.reasons, reasons),
  };
  const block = { kid, product, issuedAt, batch, taken: chunk.lines, rows };
  const { taken } = block;
  await store.commit([ledger.cards.blocks.put(first, block), states.put(batch, next)], ledger.counted(kid), [
    { kind: 'cards-issued', batch, kid, first, taken, cards: rows.length },
  ]);
  return next;
}

/** Says how much room on the chain the rest of the input wants, by the length of the lines so far. */
export function roomed(error: unknown, { bytes, lines, end }: InputChunk, size: number): unknown {
  if (!(error instanceof IssuerError) || error.code !== 'NOT_ANCHORED') return error;
  const left = Math.ceil(((size - end) / Math.max(1, bytes.length / lines)) * ROOM_MARGIN) + lines;
  return new IssuerError(
    'NOT_ANCHORED',
    `The status list on the chain is too short for the rest of the input: \`pratique issuer anchor --room ${left}\`, then the same command goes on.`,
  );
}

/** Lines are not all of one length. */
const ROOM_MARGIN = 1.02;
