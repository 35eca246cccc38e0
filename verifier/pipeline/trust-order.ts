import { logGenesis, nextHead } from './registry-log.ts';
import type { RawLog } from './registry-log.ts';
import type { ChainSource, SeenPosition, TrustedAnchor } from './trust-document.ts';
import { TrustError } from './trust-error.ts';

/** Where trust data stands in the history of its registry. */
export interface Position {
  readonly source: ChainSource;
  readonly anchors: readonly TrustedAnchor[];
  /** How far it was seen beyond what is final. */
  readonly seen: SeenPosition | null;
  /** The log that leads there; undefined if only its head is known. */
  readonly logs?: readonly RawLog[] | undefined;
}

/**
 * Hold new trust data against the held: the same registry, and nothing in it older.
 *
 * A chain that forgets is either reorganised, replaced or lying, and an old bundle is a good one of yesterday; each could
 * bring back an issuer that was withdrawn or a card that was revoked, so none of it overwrites what is held.
 *
 * @throws TrustError STORE_OF_ANOTHER_REGISTRY, LOG_OLDER_THAN_HELD, LOG_FORKED
 */
export function assertNewer(next: Position, held: Position): void {
  const { source } = held;
  if (next.source.chainId !== source.chainId || next.source.registry !== source.registry) {
    throw new TrustError(
      'STORE_OF_ANOTHER_REGISTRY',
      'The trust store belongs to another registry or chain.',
    );
  }
  if (next.source.size < source.size || next.source.block.number < source.block.number) {
    throw older('The registry is shown in an older state than the one held.');
  }
  if (!goesOnFromHead(next, held)) throw forked("The registry's log no longer begins with the log held.");
  assertAnchorsNewer(next.anchors, held.anchors);
}

/** Whether a log begins with another, being the same in memory: then nothing of it needs to be hashed again. */
export function goesOnFrom(logs: readonly RawLog[], before: readonly RawLog[]): boolean {
  return before.length <= logs.length && before.every((log, index) => logs[index] === log);
}

/** Without the new log, only a head over as many events can be compared; whoever vouches for it vouches for the rest. */
function goesOnFromHead(next: Position, held: Position): boolean {
  const { size, head, chainId, registry } = held.source;
  if (next.logs === undefined) return next.source.size > size || next.source.head === head;
  const prefix = next.logs.slice(0, size);
  if (held.logs !== undefined && goesOnFrom(prefix, held.logs)) return true;
  return prefix.reduce(nextHead, logGenesis(chainId, registry)) === head;
}

/**
 * Hold the events that are not final yet against those that were seen before: a suspension among them is not forgotten
 * until the final chain has gone past the block where it was seen, or somebody shows that block without it.
 *
 * @throws TrustError LOG_OLDER_THAN_HELD
 */
export function assertSeenNewer(next: Pick<Position, 'source' | 'seen'>, before: SeenPosition | null): void {
  if (before === null || next.source.size >= before.size) return;
  if (next.source.block.number >= before.block.number) return;
  const { seen } = next;
  if (seen !== null && seen.block.number >= before.block.number) return;
  if (
    seen !== null &&
    (seen.size > before.size || (seen.size === before.size && seen.head === before.head))
  ) {
    return;
  }
  throw older('The registry was seen further than it is shown now.');
}

function assertAnchorsNewer(next: readonly TrustedAnchor[], held: readonly TrustedAnchor[]): void {
  const newer = new Map(next.map((anchor) => [nameOf(anchor), anchor]));
  for (const before of held) {
    const after = newer.get(nameOf(before));
    // An accreditor may state an anchor anew: its time moves, and nothing else.
    if (after === undefined || after.counter < before.counter || after.time < before.time) {
      throw older('An older revocation anchor is shown than the one held.');
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
