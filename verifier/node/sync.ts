import { readAnchors, readRegistry } from '../../contracts/log-reader.ts';
import { encodeKid } from '../../contracts/registry-encoding.ts';
import { assertHead, replayLog } from '../pipeline/replay.ts';
import type { Replay } from '../pipeline/replay.ts';
import type { ChainSource, Successor, TrustedAnchor } from '../pipeline/trust-document.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import { holdLists } from './status-files.ts';
import type { JsonFile, RefusedList } from './status-files.ts';
import type { TrustStore } from './trust-store.ts';

/** What to read, into which store, and when. */
export interface SyncRequest {
  readonly rpcUrl: string;
  /** Address of the registry, 0x-prefixed. */
  readonly registry: string;
  readonly store: TrustStore;
  /** Files of status data, to be held if they agree with their anchors. */
  readonly lists: readonly JsonFile[];
  /** The machine's clock, Unix seconds. */
  readonly now: number;
}

/** What a sync found. */
export interface SyncReport {
  readonly source: ChainSource;
  /** Announced by the registry's governor, and not followed. */
  readonly successor: Successor | null;
  /** Log events that were not held before. */
  readonly newEvents: number;
  readonly issuers: number;
  readonly keys: number;
  /** Keys whose cards can be revoked, and of how many of them the list is held. */
  readonly revocableKeys: number;
  readonly heldLists: number;
  readonly refused: readonly RefusedList[];
}

/** How the chain is read; replaced in tests only. */
export interface ChainReader {
  readonly readRegistry: typeof readRegistry;
  readonly readAnchors: typeof readAnchors;
}

/**
 * Bring a store up to the registry's present state: replay the log, compare head and size with the chain's, take the
 * anchors at the same block, hold the status data against them. Nothing is stored unless all of it adds up.
 *
 * @throws TrustError HEAD_MISMATCH, LOG_MALFORMED, STORE_OF_ANOTHER_REGISTRY, LOG_OLDER_THAN_HELD, LOG_FORKED
 * @throws RegistryError if the chain cannot be read
 */
export async function syncTrust(
  request: SyncRequest,
  chain: ChainReader = { readRegistry, readAnchors },
): Promise<SyncReport> {
  const { rpcUrl, store, now } = request;
  const registry = request.registry.toLowerCase();
  const held = store.held();
  if (held !== undefined && held.source.registry !== registry) {
    throw new TrustError('STORE_OF_ANOTHER_REGISTRY', 'The trust store belongs to another registry.');
  }
  const read = await chain.readRegistry(
    rpcUrl,
    registry,
    held === undefined ? {} : { expectedChainId: held.source.chainId },
  );
  const replay = replayLog(read.logs, { chainId: read.chainId, registry });
  const { chainId, block, head, size, logs } = read;
  assertHead(replay, { head, size });
  // Every stored log must be an event of the log, so that its place is its sequence number.
  if (logs.length !== size) throw new TrustError('LOG_MALFORMED', 'Among the log events stand others.');

  const anchors = await anchorsOf(request, replay, block.number, chain);
  const { lists, refused } = holdLists(
    { keys: replay.trust.keys, anchors },
    request.lists,
    held?.lists ?? [],
  );
  const source: ChainSource = { kind: 'chain', chainId, registry, head, size, block };
  await store.put({ source, takenAt: Math.floor(now), logs, anchors, lists });
  return {
    source,
    successor: replay.trust.successor,
    newEvents: size - (held?.source.size ?? 0),
    issuers: replay.trust.issuers.length,
    keys: replay.trust.keys.length,
    revocableKeys: replay.trust.keys.filter(({ revocation }) => revocation !== 'none').length,
    heldLists: lists.length,
    refused,
  };
}

/** The anchors of every key whose cards can be revoked, read at the block of the log and under the same head. */
async function anchorsOf(
  { rpcUrl, registry }: SyncRequest,
  replay: Replay,
  block: number,
  chain: ChainReader,
): Promise<readonly TrustedAnchor[]> {
  const revocable = replay.trust.keys.filter(({ revocation }) => revocation !== 'none');
  if (revocable.length === 0) return [];
  const refs = revocable.map(({ issuer, kid }) => ({ issuerId: issuer, list: encodeKid(kid) }));
  const read = await chain.readAnchors(rpcUrl, registry.toLowerCase(), refs, block);
  assertHead(replay, read);
  return revocable.flatMap(({ issuer, kid }, index) => {
    const anchor = read.anchors[index];
    if (anchor === undefined)
      throw new TrustError('HEAD_MISMATCH', 'The chain left out a revocation anchor.');
    // The first anchor of a list has a counter of at least 1.
    return anchor.counter === 0 ? [] : [{ issuer, list: kid, ...anchor }];
  });
}
