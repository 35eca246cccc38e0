import type { RawLog } from '../pipeline/registry-log.ts';
import { loweredTrust } from '../pipeline/lowered-trust.ts';
import { assertHead, replayLog } from '../pipeline/replay.ts';
import type { Replay } from '../pipeline/replay.ts';
import { TRUST_DOCUMENT_VERSION } from '../pipeline/trust-document.ts';
import type {
  ChainSource,
  SeenPosition,
  StatusData,
  TrustDocument,
  TrustedAnchor,
} from '../pipeline/trust-document.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import { goesOnFrom } from '../pipeline/trust-order.ts';
import type { EndpointFault } from './endpoint-fault.ts';

/** Log events behind the final ones, and the head that they lead to. */
export interface SeenLog extends SeenPosition {
  readonly logs: readonly RawLog[];
}

/** What one sync took from a registry: its whole log, and the current anchors and lists. */
export interface TrustState {
  readonly source: ChainSource;
  /** keccak256 of the registry's code, 0x-hex: pinned at first use. */
  readonly codeHash: string;
  /** Unix seconds, by the clock of the machine that took it. */
  readonly takenAt: number;
  readonly logs: readonly RawLog[];
  /** Not final: a reorganisation can take it back, so the next sync replaces it. */
  readonly seen: SeenLog | null;
  readonly anchors: readonly TrustedAnchor[];
  readonly lists: readonly StatusData[];
  /** Texts of rule sets and value sets whose digests are published. */
  readonly ruleFiles: readonly string[];
  /** Endpoints that the sync did not count. */
  readonly faults: readonly EndpointFault[];
}

/** A state with what follows from it. */
export interface HeldState {
  readonly kind: 'synced';
  /** This machine compared it with the chain. */
  readonly anchored: true;
  readonly state: TrustState;
  readonly replay: Replay;
  readonly document: TrustDocument;
}

/**
 * Prove that a state adds up: its log leads to its head, and what is not final yet to its own.
 *
 * @param before a state whose log this one goes on from, if it is one, so that only what is new is replayed
 * @throws TrustError HEAD_MISMATCH, LOG_MALFORMED
 */
export function heldState(state: TrustState, before?: HeldState): HeldState {
  const { source, logs, seen, takenAt, anchors, lists, ruleFiles } = state;
  const known = before !== undefined && goesOnFrom(logs, before.state.logs) ? before : undefined;
  const replay = replayLog(logs.slice(known?.state.logs.length ?? 0), source, known?.replay);
  assertHead(replay, source);
  if (replay.size !== logs.length) {
    throw new TrustError('HEAD_MISMATCH', 'Among the log events that were to be stored stand others.');
  }
  const trust = seen === null ? replay.trust : loweredTrust(replay.trust, seenTrust(seen, replay, source));
  return {
    kind: 'synced',
    anchored: true,
    state,
    replay,
    document: {
      version: TRUST_DOCUMENT_VERSION,
      source,
      seen: positionOf(seen),
      takenAt,
      ...trust,
      anchors,
      lists,
      ruleFiles,
    },
  };
}

function positionOf(seen: SeenLog | null): SeenPosition | null {
  return seen && { head: seen.head, size: seen.size, block: seen.block };
}

function seenTrust(seen: SeenLog, final: Replay, source: ChainSource): Replay['trust'] {
  const replay = replayLog(seen.logs, source, final);
  assertHead(replay, seen);
  return replay.trust;
}
