import { extname } from 'node:path';
import { Piscina } from 'piscina';
import type { CheckTask } from '../bulk/chunk-worker.ts';
import { inputChunks, type InputFile } from '../bulk/input-lines.ts';
import type { CheckedChunk, ChunkTerms } from '../bulk/issue-chunk.ts';
import { IssuerError } from '../issuer-error.ts';
import type { Issuer } from '../issuer.ts';
import type { ProductName } from '../products.ts';
import type { OrderOutcome } from './order-record.ts';

const LINES_PER_CHECK = 1024;
const MAX_THREAD_MIB = 256;

/** What would become of an order, and whether one person would get more cards of it than in a day. */
export interface CheckedOrder extends OrderOutcome {
  readonly repeats: boolean;
}

/**
 * Looks at every line as if it were issued now, in a thread of its own; no key is near.
 *
 * @param now Unix seconds. IssuerError POLICY_MISSING, INTERRUPTED.
 */
export async function checkOrder(
  issuer: Issuer,
  {
    input,
    product,
    now,
    signal,
  }: {
    readonly input: InputFile;
    readonly product: ProductName;
    readonly now: number;
    readonly signal: AbortSignal;
  },
): Promise<CheckedOrder> {
  const policy = await issuer.policy.kept();
  const { cardsPerDay } = (await issuer.policy.counting()).limits;
  const { identity, service } = issuer;
  const { tagKeys } = service.box;
  const terms: ChunkTerms = { identity, product, policy, kid: '', privateKey: undefined, tagKeys };
  const pool = new Piscina<CheckTask, CheckedChunk>({
    filename: new URL(`../bulk/chunk-worker${extname(import.meta.url)}`, import.meta.url).href,
    name: 'checkChunk',
    minThreads: 1,
    maxThreads: 1,
    resourceLimits: { maxOldGenerationSizeMb: MAX_THREAD_MIB },
    workerData: terms,
    recordTiming: false,
  });
  pool.on('error', () => undefined);
  try {
    const cardsOf = new Map<string, number>();
    const reasons: Record<string, number> = {};
    let cards = 0;
    for await (const { bytes, lines } of inputChunks(input, { offset: 0, lines: 0 }, LINES_PER_CHECK)) {
      if (signal.aborted) throw new IssuerError('INTERRUPTED', 'The order is looked at again later.');
      const checked = await pool.run({ bytes, lines, now });
      cards += checked.persons.length;
      for (const person of checked.persons) cardsOf.set(person, (cardsOf.get(person) ?? 0) + 1);
      for (const [reason, count] of Object.entries(checked.reasons)) {
        reasons[reason] = (reasons[reason] ?? 0) + count;
      }
    }
    return { cards, reasons, repeats: [...cardsOf.values()].some((count) => count > cardsPerDay) };
  } finally {
    await pool.destroy();
  }
}
