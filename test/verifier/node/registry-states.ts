import { hexlify } from 'ethers';
import type { ChainReader } from '../../../verifier/node/sync.ts';
import type { TrustState } from '../../../verifier/node/trust-store.ts';
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
    takenAt: NOW,
    logs: logs.map(({ topics, data }) => ({ topics, data })),
    anchors: [],
    lists: [],
    ...rest,
  };
}

/** A chain that answers with one state; `anchors` as the registry would give them, by (issuer, kid). */
export function chainAt(
  logs: readonly RawLog[],
  content: { block?: number; anchors?: readonly TrustedAnchor[]; lies?: object; anchorLies?: object } = {},
): ChainReader {
  const { source } = stateOf(logs, content.block === undefined ? {} : { block: content.block });
  const { chainId, block, head, size } = source;
  const plain = logs.map(({ topics, data }) => ({ topics: [...topics], data }));
  return {
    readRegistry: async () => Promise.resolve({ chainId, block, head, size, logs: plain, ...content.lies }),
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
          final = false,
        } = found ?? {};
        return { root, counter, length, revoked, time, final };
      });
      return Promise.resolve({ head, size, anchors, ...content.anchorLies });
    },
  };
}
