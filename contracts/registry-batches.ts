import type { Result } from 'ethers';
import type { RegistryCalls, Written } from './registry-calls.ts';
import { RegistryError } from './registry-error.ts';

/** A write that takes a list, all or none of it, and tells of each by an event. */
interface BatchWrite {
  readonly write: 'listIssuers' | 'listKeys';
  readonly event: 'IssuerRegistered' | 'KeyListed';
  /** What one of them is called, and the members by which two of them are the same. */
  readonly each: string;
  readonly identity: readonly string[];
}

type Terms = readonly Readonly<Record<string, unknown>>[];

/** Where to begin looking: a little more than fits of what is smallest. */
const FIRST_SIZE = 350;

/**
 * Write a list of any length in as many transactions as it takes, each below what one transaction may take.
 *
 * All of them are tried before the first is sent. A transaction is carried out whole or not at all; if one fails later,
 * those before it stand. Throws RegistryError ARGUMENT_INVALID if something is in the list twice, REVERTED, naming the
 * first that is refused by its place, or as `write` does.
 */
export async function writeInBatches(
  calls: RegistryCalls,
  batch: BatchWrite,
  terms: Terms,
  told: (done: number, of: number) => void = () => undefined,
): Promise<{ readonly made: Result[]; readonly transactions: Written[] }> {
  assertUnique(batch, terms);
  const made: Result[] = [];
  const transactions: Written[] = [];
  for (const each of await cut(calls, batch, terms)) {
    const { made: some, ...written } = await calls.writeMany(batch.write, [each], batch.event);
    made.push(...some);
    transactions.push(written);
    told(made.length, terms.length);
  }
  return { made, transactions };
}

/** Each transaction is tried against the chain as it is: it would not see what one before it makes. */
function assertUnique({ each, identity }: BatchWrite, terms: Terms): void {
  const places = new Map<string, number>();
  for (const [at, term] of terms.entries()) {
    const name = JSON.stringify(identity.map((member) => term[member]));
    const before = places.get(name);
    if (before !== undefined) {
      throw new RegistryError(
        'ARGUMENT_INVALID',
        `The ${each} in place ${String(at + 1)} of the list stands in place ${String(before)} already.`,
      );
    }
    places.set(name, at + 1);
  }
}

async function cut(calls: RegistryCalls, batch: BatchWrite, terms: Terms): Promise<Terms[]> {
  const batches: Terms[] = [];
  let size = FIRST_SIZE;
  let start = 0;
  while (start < terms.length) {
    const some = terms.slice(start, start + size);
    if ((await fits(calls, batch, some, start)) || some.length === 1) {
      batches.push(some);
      start += some.length;
    } else {
      size = Math.ceil(some.length / 2);
    }
  }
  return batches;
}

async function fits(calls: RegistryCalls, batch: BatchWrite, some: Terms, start: number): Promise<boolean> {
  try {
    return await calls.fits(batch.write, [some]);
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code !== 'REVERTED') throw error;
    throw await firstRefusal(calls, batch, some, { start, error });
  }
}

/** The contract does not say which of a list it refuses: the shortest beginning that it refuses ends with it. */
async function firstRefusal(
  calls: RegistryCalls,
  batch: BatchWrite,
  some: Terms,
  { start, error }: { readonly start: number; readonly error: RegistryError },
): Promise<RegistryError> {
  let [taken, refused] = [0, some.length];
  let refusal = error;
  while (refused - taken > 1) {
    const middle = Math.floor((taken + refused) / 2);
    const found = await refusalOf(calls, batch, some.slice(0, middle));
    if (found === undefined) taken = middle;
    else [refused, refusal] = [middle, found];
  }
  return new RegistryError(
    refusal.code,
    `The ${batch.each} in place ${String(start + refused)} of the list is refused. ${refusal.message}`,
    refusal.refusal,
  );
}

async function refusalOf(
  calls: RegistryCalls,
  batch: BatchWrite,
  some: Terms,
): Promise<RegistryError | undefined> {
  try {
    await calls.rehearse(batch.write, [some]);
    return undefined;
  } catch (error) {
    if (error instanceof RegistryError && error.code === 'REVERTED') return error;
    throw error;
  }
}
