import type { AnchorReading, readAnchors } from '../../contracts/log-reader.ts';
import { encodeKid } from '../../contracts/registry-encoding.ts';
import { RegistryError } from '../../contracts/registry-error.ts';
import type { Replay } from '../pipeline/replay.ts';
import type { TrustedAnchor } from '../pipeline/trust-document.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import { named, quorumOf } from './chain-quorum.ts';
import type { AgreedState, QuorumPolicy } from './chain-quorum.ts';
import type { EndpointFault, EndpointFaultCode } from './endpoint-fault.ts';

/**
 * The anchors of every key whose cards can be revoked, as a quorum of endpoints tells them at the block of the head.
 *
 * The log does not prove them, so one endpoint's word is not enough: an older root would bring a revoked card back.
 *
 * @throws TrustError QUORUM_MISSING
 */
export async function agreedAnchors(
  about: {
    readonly registry: string;
    readonly final: AgreedState;
    readonly replay: Replay;
    readonly policy: QuorumPolicy;
  },
  read: typeof readAnchors,
): Promise<{ readonly anchors: readonly TrustedAnchor[]; readonly faults: readonly EndpointFault[] }> {
  const { registry, final, replay, policy } = about;
  const revocable = replay.trust.keys.filter(({ revocation }) => revocation !== 'none');
  if (revocable.length === 0) return { anchors: [], faults: [] };
  const refs = revocable.map(({ issuer, kid }) => ({ issuerId: issuer, list: encodeKid(kid) }));

  const options = { timeoutMs: policy.timeoutMs };
  const faults = new Map<string, EndpointFaultCode>();
  const answers = await Promise.all(
    final.rpcUrls.map(async (rpcUrl) => {
      try {
        const { head, size, anchors } = await read(rpcUrl, registry, refs, final.block.number, options);
        if (head !== final.head || size !== final.size || anchors.length !== refs.length) {
          faults.set(rpcUrl, 'HEAD_DIFFERS');
          return [];
        }
        return [{ rpcUrl, anchors, words: JSON.stringify(anchors) }];
      } catch (error) {
        // Of a single endpoint, what it did is the answer.
        if (!(error instanceof RegistryError) || final.rpcUrls.length === 1) throw error;
        faults.set(rpcUrl, 'UNREACHABLE');
        return [];
      }
    }),
  );
  const groups = [...Map.groupBy(answers.flat(), ({ words }) => words).values()];
  const agreeing = groups.find((group) => group.length >= quorumOf(policy));
  if (agreeing === undefined) {
    throw new TrustError(
      'QUORUM_MISSING',
      'The endpoints of the chain do not tell the same revocation anchors.',
    );
  }
  for (const { rpcUrl } of groups.filter((group) => group !== agreeing).flat())
    faults.set(rpcUrl, 'ANCHORS_DIFFER');
  const told: readonly AnchorReading[] = agreeing[0]?.anchors ?? [];
  return {
    anchors: revocable.flatMap(({ issuer, kid }, index) => {
      const anchor = told[index];
      // The first anchor of a list has a counter of at least 1.
      return anchor === undefined || anchor.counter === 0 ? [] : [{ issuer, list: kid, ...anchor }];
    }),
    faults: named(faults),
  };
}
