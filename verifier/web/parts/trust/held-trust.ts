import type { ImportEs256Key } from '../../../../credential/es256.ts';
import type { P256Coordinates } from '../../../../credential/jwk.ts';
import { loweredTrust } from '../../../pipeline/lowered-trust.ts';
import { assertHead, replayLog } from '../../../pipeline/replay.ts';
import type { ReplayedTrust } from '../../../pipeline/replay.ts';
import { withRuleFiles } from '../../../pipeline/rules/rule-files.ts';
import { openTrustBundle } from '../../../pipeline/trust-bundle.ts';
import type {
  ChainSource,
  SeenPosition,
  TrustDocument,
  TrustedAnchor,
} from '../../../pipeline/trust-document.ts';
import { TrustError } from '../../../pipeline/trust-error.ts';
import { assertNewer, assertSeenNewer } from '../../../pipeline/trust-order.ts';
import { indexTrust } from '../../../pipeline/trust.ts';
import type { Trust } from '../../../pipeline/trust.ts';
import { SPECIMEN_KIDS } from '../specimen.ts';
import type { VenueAnswers } from './venue-answers.ts';

/** What the page decides by, with the answers that it comes from. */
export interface HeldTrust {
  readonly answers: VenueAnswers;
  readonly trust: Trust;
  /** Who signed the bundle. */
  readonly exporter: P256Coordinates & { readonly kid: string };
  /** Who is trusted by the log that was replayed, if one was. */
  readonly replayed: ReplayedTrust | undefined;
}

/** The newest state that this page has seen: nothing older is ever taken, wherever it comes from. */
export interface Floor {
  readonly source: ChainSource | null;
  readonly anchors: readonly TrustedAnchor[];
  readonly seen: SeenPosition | null;
  /** Unix seconds; never ahead of this device's clock, or a node whose clock was wrong once would shut it out. */
  readonly takenAt: number;
}

/**
 * Make the node's answers fit for deciding: the exporter's signature holds, and who is trusted is what the registry's log
 * says, replayed here to its head. Of what the bundle says of who is trusted only what lowers it counts: events that are
 * not final yet stand in no log.
 *
 * @param before what is held by now: its log need not be replayed again
 * @throws TrustError BUNDLE_…, DOCUMENT_…, LOG_MALFORMED, HEAD_MISMATCH
 */
export async function openAnswers(
  answers: VenueAnswers,
  importKey: ImportEs256Key,
  before?: HeldTrust,
): Promise<HeldTrust> {
  const { bundle, log, anchored, terms } = answers;
  const { document, exporterKid: kid, exporterKey } = await openTrustBundle(bundle, {}, importKey);
  const replayed = log === null ? undefined : replayedTrust(document.source, log, before);
  const proven = replayed === undefined ? document : { ...document, ...loweredTrust(replayed, document) };
  const trust = indexTrust(withoutSpecimens(withRuleFiles(proven, terms.ruleFiles)), {
    anchored: anchored && document.source.kind === 'chain',
    importKey,
  });
  return { answers, trust, replayed, exporter: { ...exporterKey, kid } };
}

function replayedTrust(
  source: TrustDocument['source'],
  log: NonNullable<VenueAnswers['log']>,
  before: HeldTrust | undefined,
): ReplayedTrust {
  if (source.kind !== 'chain') {
    throw new TrustError('HEAD_MISMATCH', 'The node shows a log of a registry, and trust data of none.');
  }
  const known = before?.trust.document.source;
  // The very log that was replayed, and the head that it led to.
  if (
    before?.replayed !== undefined &&
    before.answers.log === log &&
    known?.kind === 'chain' &&
    isSameHead(known, source)
  ) {
    return before.replayed;
  }
  const replay = replayLog(log, source);
  assertHead(replay, source);
  return replay.trust;
}

function isSameHead(one: ChainSource, other: ChainSource): boolean {
  return (
    one.head === other.head &&
    one.size === other.size &&
    one.registry === other.registry &&
    one.chainId === other.chainId
  );
}

/** Whoever lists the key of a specimen, all the world could sign with it. */
function withoutSpecimens(document: TrustDocument): TrustDocument {
  return { ...document, keys: document.keys.filter(({ kid }) => !SPECIMEN_KIDS.has(kid)) };
}

/**
 * Hold newly opened trust data against the newest that was ever held here.
 *
 * @returns the floor from now on
 * @throws TrustError LOG_OLDER_THAN_HELD, LOG_FORKED, STORE_OF_ANOTHER_REGISTRY
 */
export function raisedFloor({ answers, trust }: HeldTrust, floor: Floor | undefined, now: number): Floor {
  const { source, anchors, seen, takenAt } = trust.document;
  const before = floor?.source ?? null;
  if (floor !== undefined && takenAt < floor.takenAt) throw older();
  if (source.kind !== 'chain') {
    // What a chain told is not replaced by what nobody ties to one.
    if (before !== null) throw older();
  } else if (floor !== undefined && before !== null) {
    const next = { source, anchors, seen, logs: answers.log ?? undefined };
    assertNewer(next, { source: before, anchors: floor.anchors, seen: floor.seen });
    assertSeenNewer(next, floor.seen);
  }
  return {
    source: source.kind === 'chain' ? source : null,
    anchors,
    seen,
    takenAt: Math.max(floor?.takenAt ?? 0, Math.min(takenAt, Math.floor(now))),
  };
}

function older(): TrustError {
  return new TrustError('LOG_OLDER_THAN_HELD', 'The node shows older trust data than this page has seen.');
}
