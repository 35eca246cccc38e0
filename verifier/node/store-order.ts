import { MAX_CLOCK_LAG_SECONDS } from '../pipeline/checks.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import type { HeldBundle } from './imported-bundle.ts';
import type { Floor } from './store-floor.ts';
import { assertNewer, assertSeenNewer } from '../pipeline/trust-order.ts';
import type { Position } from '../pipeline/trust-order.ts';
import type { HeldState, TrustState } from './trust-state.ts';

/** What a store holds: a state that this machine synced, or a bundle of somebody else's. */
export type Held = HeldState | HeldBundle;

/** How far the store has come by what is held; as before if that is tied to no chain, and so binds nobody. */
export function floorOf(held: Held | undefined, before: Floor | undefined): Floor | undefined {
  if (held === undefined || !held.anchored || held.document.source.kind !== 'chain') return before;
  return {
    source: held.document.source,
    // A bundle does not say it; what was pinned at first use stays.
    codeHash: held.kind === 'synced' ? held.state.codeHash : (before?.codeHash ?? null),
    exporter: held.kind === 'synced' ? null : held.bundle.pinnedExporter,
  };
}

/**
 * Whether a synced state may take the place of what is held.
 *
 * @throws TrustError STORE_OF_ANOTHER_REGISTRY, LOG_OLDER_THAN_HELD, LOG_FORKED
 */
export function assertMayFollow(state: TrustState, held: Held | undefined, floor: Floor | undefined): void {
  const before = positionOf(held, floor);
  // A state that this machine took from the chain outranks a bundle that nobody vouches for.
  if (before !== undefined) {
    assertNewer(state, before);
    assertSeenNewer(state, before.seen);
  }
}

/**
 * Whether a bundle may take the place of what is held: as a state, and never one that nobody vouches for in the place
 * of what is tied to a chain, since then anyone could make a venue unable to decide.
 *
 * @throws TrustError EXPORTER_NOT_PINNED, and those of `assertMayFollow`
 */
export function assertBundleMayFollow(
  bundle: HeldBundle,
  held: Held | undefined,
  floor: Floor | undefined,
): void {
  const { source } = bundle.document;
  const before = positionOf(held, floor) ?? (bundle.anchored ? undefined : unanchoredPosition(held));
  if (before === undefined) return;
  if (source.kind !== 'chain') {
    throw new TrustError(
      'STORE_OF_ANOTHER_REGISTRY',
      'The trust store belongs to a registry, and the bundle is tied to no chain.',
    );
  }
  if (!bundle.anchored && positionOf(held, floor) !== undefined) {
    throw new TrustError(
      'EXPORTER_NOT_PINNED',
      `Nobody said that the exporter ${bundle.exporterKid} is to be trusted, and what is held is tied to the chain. Ask the one you trust for its kid by another way than this file, and give it with --exporter.`,
    );
  }
  const next = { source, anchors: bundle.document.anchors, seen: bundle.document.seen };
  assertNewer(next, before);
  assertSeenNewer(next, before.seen);
}

/**
 * A bundle that says it was taken later than now would come into force, fresh, when everybody has forgotten it.
 *
 * @param now Unix seconds
 * @throws TrustError BUNDLE_FROM_THE_FUTURE
 */
export function assertNotFromTheFuture({ document }: HeldBundle, now: number): void {
  if (document.takenAt - now <= MAX_CLOCK_LAG_SECONDS) return;
  throw new TrustError(
    'BUNDLE_FROM_THE_FUTURE',
    "The bundle says that it was taken later than now: its exporter's clock is wrong, or this machine's.",
  );
}

/** What is held and tied to a chain, or the little that is known of it after damage. */
function positionOf(held: Held | undefined, floor: Floor | undefined): Position | undefined {
  if (held?.anchored === true) return positionIn(held);
  return floor === undefined ? undefined : { source: floor.source, anchors: [], seen: null };
}

/** What is held of a chain on nobody's word: it binds only what is on nobody's word too. */
function unanchoredPosition(held: Held | undefined): Position | undefined {
  return held === undefined ? undefined : positionIn(held);
}

function positionIn(held: Held): Position | undefined {
  const { source, anchors, seen } = held.document;
  if (source.kind !== 'chain') return undefined;
  return { source, anchors, seen, logs: held.kind === 'synced' ? held.state.logs : undefined };
}
