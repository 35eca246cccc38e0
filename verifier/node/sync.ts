import { readLogs } from '../../contracts/event-reader.ts';
import { readAnchors } from '../../contracts/log-reader.ts';
import { assertHead } from '../pipeline/replay.ts';
import type { Replay } from '../pipeline/replay.ts';
import type { RawLog } from '../pipeline/registry-log.ts';
import type { ChainSource, Successor } from '../pipeline/trust-document.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import { agreedAnchors } from './agreed-anchors.ts';
import { agreeOnRegistry } from './chain-quorum.ts';
import type { QuorumPolicy } from './chain-quorum.ts';
import type { EndpointFault } from './endpoint-fault.ts';
import { holdRuleFiles } from './published-files.ts';
import type { RefusedRuleFile, RuleSource } from './published-files.ts';
import { rulesHeld } from './rule-report.ts';
import type { RuleSetReport } from './rule-report.ts';
import { shippedTexts } from './shipped-rules.ts';
import { findLog } from './log-search.ts';
import type { LogSource } from './log-search.ts';
import { holdLists } from './status-files.ts';
import type { RefusedList, StatusFile } from './status-files.ts';
import { seenLog } from './seen-log.ts';
import type { TrustState } from './trust-state.ts';
import type { TrustStore } from './trust-store.ts';

/** What to read, into which store, and when. */
export interface SyncRequest {
  readonly chain: QuorumPolicy;
  /** Address of the registry, 0x-prefixed. */
  readonly registry: string;
  readonly store: TrustStore;
  /** Files of status data, to be held if they agree with their anchors. */
  readonly lists: readonly StatusFile[];
  /** Files of rule sets and value sets, to be held if their digests are published. */
  readonly ruleFiles?: readonly RuleSource[] | undefined;
  /** Where the log may come from besides the endpoints; the head decides whether it is the one. */
  readonly logs?: readonly LogSource[] | undefined;
  /** The machine's clock, Unix seconds. */
  readonly now: number;
  /** Seconds that the final block may be old; some chains make blocks only when something happens. */
  readonly maxBlockAge?: number | undefined;
}

/** What a sync found. */
export interface SyncReport {
  readonly source: ChainSource;
  /** Announced by the registry's governor, and not followed. */
  readonly successor: Successor | null;
  /** Log events that were not held before. */
  readonly newEvents: number;
  /** Log events that are not final yet; of them only what lowers trust counts. */
  readonly seenEvents: number;
  readonly issuers: number;
  readonly keys: number;
  /** Keys whose cards can be revoked, and of how many of them the list is held. */
  readonly revocableKeys: number;
  readonly heldLists: number;
  readonly refused: readonly RefusedList[];
  /** Of what jurisdictions published, in force or to come, whether it is here. */
  readonly rules: readonly RuleSetReport[];
  readonly refusedRules: readonly RefusedRuleFile[];
  /** Endpoints that were not counted, and why. */
  readonly faults: readonly EndpointFault[];
}

/** How the chain is read; replaced in tests only. */
export interface ChainReader {
  readonly agree: typeof agreeOnRegistry;
  readonly readLogs: typeof readLogs;
  readonly readAnchors: typeof readAnchors;
}

const CHAIN: ChainReader = { agree: agreeOnRegistry, readLogs, readAnchors };

/**
 * Bring a store up to the registry's present state: take the head on which a quorum of endpoints agrees, replay a log
 * that leads to it, take the anchors at the same block, hold the status data against them, and rule files against the
 * digests in the log. Nothing is stored unless all of it adds up.
 *
 * @throws TrustError QUORUM_MISSING, CHAIN_STALLED, HEAD_MISMATCH, LOG_MALFORMED, STORE_OF_ANOTHER_REGISTRY, LOG_OLDER_THAN_HELD,
 * LOG_FORKED
 */
export async function syncTrust(request: SyncRequest, chain: ChainReader = CHAIN): Promise<SyncReport> {
  const { store } = request;
  const registry = request.registry.toLowerCase();
  const [held, floor] = [store.held(), store.floor()];
  if (floor !== undefined && floor.source.registry !== registry) {
    throw new TrustError('STORE_OF_ANOTHER_REGISTRY', 'The trust store belongs to another registry.');
  }
  const pin = floor && { chainId: floor.source.chainId, codeHash: floor.codeHash };
  const { chainId, final, newest, faults } = await chain.agree(request.chain, registry, pin);
  if (floor !== undefined && chainId !== floor.source.chainId) {
    throw new TrustError(
      'STORE_OF_ANOTHER_REGISTRY',
      'The trust store belongs to a registry of another chain.',
    );
  }
  if (floor !== undefined && final.block.number < floor.source.block.number) {
    throw new TrustError(
      'LOG_OLDER_THAN_HELD',
      'The chain is at an older block than the state held. If it lags, try again later; if it was begun anew, or an endpoint once told blocks that never were, sync into another store.',
    );
  }

  if (request.maxBlockAge !== undefined && request.now - final.block.time > request.maxBlockAge) {
    throw new TrustError(
      'CHAIN_STALLED',
      'The newest final block is older than it may be: the nodes have stopped, or show an old state.',
    );
  }
  const { timeoutMs } = request.chain;
  const search = { registry, chainId, sources: request.logs ?? [], readLogs: chain.readLogs, timeoutMs };
  const found = await findLog(search, final, baseOf(held, store.replay()));
  const { replay, logs } = found;
  assertHead(replay, final);
  const seen = await seenLog(search, { final, newest, replay }, held);
  const { anchors, faults: anchorFaults } = await agreedAnchors(
    { registry, final, replay, policy: request.chain },
    chain.readAnchors,
  );
  const { lists, current, refused } = holdLists(
    { keys: replay.trust.keys, anchors },
    request.lists,
    store.document()?.lists ?? [],
  );
  const { rules } = replay.trust;
  const ruleFiles = holdRuleFiles(
    rules,
    {
      sources: request.ruleFiles ?? [],
      texts: [...(store.document()?.ruleFiles ?? []), ...shippedTexts()],
    },
    request.now,
  );
  const { head, size, block, codeHash } = final;
  const source: ChainSource = { kind: 'chain', chainId, registry, head, size, block };
  const all = [...faults, ...found.faults, ...anchorFaults];
  await store.put({
    source,
    codeHash,
    takenAt: Math.floor(request.now),
    logs,
    seen,
    anchors,
    lists,
    ruleFiles: ruleFiles.texts,
    faults: all,
  });
  return {
    source,
    successor: replay.trust.successor,
    newEvents: size - (floor?.source.size ?? 0),
    seenEvents: seen?.logs.length ?? 0,
    issuers: replay.trust.issuers.length,
    keys: replay.trust.keys.length,
    revocableKeys: replay.trust.keys.filter(({ revocation }) => revocation !== 'none').length,
    heldLists: current,
    refused,
    rules: rulesHeld({ rules, ruleFiles: ruleFiles.texts }, request.now),
    refusedRules: ruleFiles.refused,
    faults: all,
  };
}

/** What the log is read on from. */
function baseOf(
  held: TrustState | undefined,
  replay: Replay | undefined,
): { readonly logs: readonly RawLog[]; readonly replay: Replay; readonly block: number } | undefined {
  return held === undefined || replay === undefined
    ? undefined
    : { logs: held.logs, replay, block: held.source.block.number };
}
