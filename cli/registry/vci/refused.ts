import { RegistryError } from '../../../contracts/registry-error.ts';
import type { Told } from './progress-bar.ts';

/** Something that the contract did not take, with its reason; everything else was written. */
export interface Refused {
  /** The name of the contract's own error, or REVERTED if it gave none. */
  readonly code: string;
  readonly iss: string;
  /** The key that is concerned, if it is not the whole issuer. */
  readonly kid: string | null;
  /** In a sentence. */
  readonly reason: string;
}

type Named = Pick<Refused, 'iss' | 'kid'>;

/** Refusals of the sender or of what it says of all alike: going on would meet the same for each. */
const OF_ALL: ReadonlySet<string | undefined> = new Set([
  'NotAccreditor',
  'UnknownJurisdiction',
  'JurisdictionSuspended',
  'InvalidUrl',
]);

/**
 * Write one thing; what the contract refuses of it is left and told.
 *
 * @returns whether it was written
 * @throws RegistryError for any other failure
 */
export async function writeOrLeave(
  named: Named,
  refused: Refused[],
  write: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    refused.push(refusedBy(error, named));
    return false;
  }
}

/**
 * Write a list of which the contract takes all or nothing: what it refuses is found by halving, left and told, and the
 * rest is written.
 *
 * @param list tells how many are written by now, for each transaction
 * @returns how many transactions it took
 * @throws RegistryError for any other failure
 */
export async function listOrLeave<T extends Named>(
  items: readonly T[],
  refused: Refused[],
  list: (some: readonly T[], told: Told) => Promise<unknown>,
  told: Told,
): Promise<number> {
  let transactions = 0;
  let done = 0;
  const parts = items.length === 0 ? [] : [items];
  for (let some = parts.pop(); some !== undefined; some = parts.pop()) {
    let written = 0;
    try {
      const before = done;
      await list(some, (count) => {
        written = count;
        transactions += 1;
        told(before + count, items.length);
      });
      done += some.length;
    } catch (error) {
      done += written;
      const rest = some.slice(written);
      const [first] = rest;
      if (first === undefined) throw error;
      const why = refusedBy(error, first);
      const middle = Math.ceil(rest.length / 2);
      if (rest.length === 1) refused.push(why);
      else parts.push(rest.slice(middle), rest.slice(0, middle));
    }
  }
  return transactions;
}

/** The end of a command that left something: all else is done and printed. */
export function leftBehind(refused: readonly Refused[]): RegistryError {
  const [first] = refused;
  const count = refused.length === 1 ? 'one thing' : `${refused.length} things`;
  const sentence = `The registry refused ${count} of the directory; everything else is done, and the report names what was left.`;
  return new RegistryError('REVERTED', sentence, { name: first?.code ?? 'REVERTED', args: [] });
}

function refusedBy(error: unknown, { iss, kid }: Named): Refused {
  if (!(error instanceof RegistryError) || error.code !== 'REVERTED' || OF_ALL.has(error.refusal?.name)) {
    throw error;
  }
  // The place in the list that was tried says nothing to who reads the report.
  const reason = error.message.replace(/^The (?:issuer|key) in place \d+ of the list is refused\. /, '');
  return { code: error.refusal?.name ?? 'REVERTED', iss, kid, reason };
}
