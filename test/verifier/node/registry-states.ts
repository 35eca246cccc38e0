import { hexlify } from 'ethers';
import type { AgreedState } from '../../../verifier/node/chain-quorum.ts';
import type { ChainReader } from '../../../verifier/node/sync.ts';
import type { TrustState } from '../../../verifier/node/trust-state.ts';
import type { RawLog } from '../../../verifier/pipeline/registry-log.ts';
import { replayLog } from '../../../verifier/pipeline/replay.ts';
import type { TrustedAnchor } from '../../../verifier/pipeline/trust-document.ts';
import { newKey, NOW } from '../../support/cards.ts';
import {
  CHAIN,
  hexOf,
  keyListed,
  keyRegistered,
  opened,
  registered,
  registryLog,
} from '../registry-events.ts';

/** One key that revokes by a status list, one by a list of rids. */
export const BITS_KEY = newKey();
export const RIDS_KEY = newKey();

export const EVENTS = [opened(), registered(), keyRegistered(BITS_KEY), keyListed(RIDS_KEY, 2)] as const;
export const LOG = registryLog(...EVENTS);
export const CODE_HASH = `0x${'cc'.repeat(32)}`;

/** What a registry with this log looks like at a block. */
export function stateOf(
  logs: readonly RawLog[],
  content: Partial<TrustState> & { block?: number } = {},
): TrustState {
  const { head, size } = replayLog(logs, CHAIN);
  const { block: number = 10, ...rest } = content;
  return {
    source: {
      kind: 'chain',
      ...CHAIN,
      head,
      size,
      block: { number, hash: `0x${'ee'.repeat(32)}`, time: NOW - 100 },
    },
    codeHash: CODE_HASH,
    takenAt: NOW,
    logs: logs.map(({ topics, data }) => ({ topics, data })),
    seen: null,
    anchors: [],
    lists: [],
    ruleFiles: [],
    faults: [],
    ...rest,
  };
}

/** A chain that answers with one state; `anchors` as the registry would give them, by (issuer, kid). */
export function chainAt(
  logs: readonly RawLog[],
  content: {
    block?: number;
    anchors?: readonly TrustedAnchor[];
    /** What the endpoints agree on instead. */
    agreed?: Partial<AgreedState> & { chainId?: number };
    /** What is in the newest block and not final yet: the whole log up to there. */
    newest?: readonly RawLog[];
    /** The logs that the endpoint tells instead. */
    told?: readonly RawLog[];
    anchorLies?: object;
  } = {},
): ChainReader {
  const { chainId = CHAIN.chainId, ...agreed } = content.agreed ?? {};
  const stateAt = (log: readonly RawLog[], number: number): AgreedState => {
    const { head, size, block } = stateOf(log, { block: number }).source;
    return { block, codeHash: CODE_HASH, head, size, rpcUrls: ['http://node.example'] };
  };
  const final = { ...stateAt(logs, content.block ?? 10), ...agreed };
  const { head, size } = final;
  const newest = content.newest === undefined ? final : stateAt(content.newest, final.block.number + 3);
  return {
    agree: async () => Promise.resolve({ chainId, final, newest, faults: [] }),
    // Each event in a block of its own, from block 1 on.
    readLogs: async (_rpcUrl, _registry, { from, to }) => {
      const all = content.told ?? content.newest ?? logs;
      const placed = all.map(({ topics, data }, index) => ({
        topics: [...topics],
        data,
        block:
          content.newest === undefined || index < logs.length
            ? Math.min(index + 1, 9)
            : final.block.number + 1,
        index,
      }));
      return Promise.resolve(placed.filter(({ block }) => block >= from && block <= to));
    },
    readAnchors: async (_rpcUrl, _registry, refs) => {
      const anchors = refs.map(({ issuerId, list }) => {
        const found = content.anchors?.find(
          (anchor) => anchor.issuer === issuerId && hexOf(anchor.list) === list,
        );
        const {
          root = hexlify(new Uint8Array(32)),
          counter = 0,
          length = 0,
          revoked = 0,
          time = 0,
          final: isFinal = false,
        } = found ?? {};
        return { root, counter, length, revoked, time, final: isFinal };
      });
      return Promise.resolve({ head, size, anchors, ...content.anchorLies });
    },
  };
}
