import { logGenesis, nextHead } from '../pipeline/registry-log.ts';
import type { TrustedAnchor } from '../pipeline/trust-document.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import type { TrustState } from './trust-store.ts';

/**
 * Hold a new state against the held one: the same registry, and nothing in it older.
 *
 * A chain that forgets is either reorganised, replaced or lying; each could bring back an issuer that was withdrawn or
 * a card that was revoked, so none of it overwrites what is held.
 *
 * @throws TrustError STORE_OF_ANOTHER_REGISTRY, LOG_OLDER_THAN_HELD, LOG_FORKED
 */
export function assertNewer(next: TrustState, held: TrustState): void {
  const { source } = held;
  if (next.source.chainId !== source.chainId || next.source.registry !== source.registry) {
    throw new TrustError(
      'STORE_OF_ANOTHER_REGISTRY',
      'The trust store belongs to another registry or chain.',
    );
  }
  if (next.source.size < source.size || next.source.block.number < source.block.number) {
    throw older('The chain shows an older state of the registry than the one held.');
  }
  const prefix = next.logs.slice(0, source.size);
  if (prefix.reduce(nextHead, logGenesis(source.chainId, source.registry)) !== source.head) {
    throw forked("The registry's log no longer begins with the log held.");
  }
  assertAnchorsNewer(next.anchors, held.anchors);
}

function assertAnchorsNewer(next: readonly TrustedAnchor[], held: readonly TrustedAnchor[]): void {
  const newer = new Map(next.map((anchor) => [nameOf(anchor), anchor]));
  for (const before of held) {
    const after = newer.get(nameOf(before));
    // An accreditor may state an anchor anew: its time moves, and nothing else.
    if (after === undefined || after.counter < before.counter || after.time < before.time) {
      throw older('The chain shows an older revocation anchor than the one held.');
    }
    const same =
      after.counter === before.counter &&
      after.root === before.root &&
      after.length === before.length &&
      after.revoked === before.revoked &&
      after.final === before.final;
    // One counter names one list, and a final one names the last: two of them mean two histories.
    if (!same && (after.counter === before.counter || before.final)) {
      throw forked('A revocation anchor was changed without raising its counter.');
    }
  }
}

function nameOf({ issuer, list }: TrustedAnchor): string {
  return `${issuer}/${list}`;
}

function older(message: string): TrustError {
  return new TrustError('LOG_OLDER_THAN_HELD', message);
}

function forked(message: string): TrustError {
  return new TrustError('LOG_FORKED', message);
}
