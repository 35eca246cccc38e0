import type { Issuer } from '../../agent/issuer.ts';
import { IssuerError } from '../../agent/issuer-error.ts';
import { readAnchors, readLatestBlock, type AnchorReading } from '../../contracts/log-reader.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import { encodeKid } from '../../contracts/registry-encoding.ts';
import { learnRegistry } from './learn-registry.ts';

/** What became of one key's list: the anchor the chain holds now; block and gas are missing if it was left alone. */
export interface AnchoredStatus {
  readonly kid: string;
  readonly counter: number;
  readonly length: number;
  readonly revoked: number;
  readonly root: string;
  readonly block?: number;
  readonly gas?: bigint;
  readonly txHash?: string;
}

/**
 * Anchors the status list of every registered key, grown ahead of need, and records what the chain confirmed; then
 * learns from the registry's log whom it trusts now, which is what the issuer's DIDs resolve from.
 *
 * What the chain holds is read first: an anchor that landed while this machine fell over is taken over instead of being
 * lost, so that the counter goes on from it. IssuerError REGISTRY_NOT_BOUND, NO_SIGNING_KEY; RegistryError; TrustError.
 */
export async function anchorStatus(
  issuer: Issuer,
  client: RegistryClient,
  options: { readonly rpcUrl: string; readonly ifChanged?: boolean },
): Promise<AnchoredStatus[]> {
  const issuerId = issuer.registry?.issuerId;
  if (issuerId === undefined) {
    throw new IssuerError('REGISTRY_NOT_BOUND', 'The issuer is not tied to a registry yet.');
  }
  const kids = issuer.keys().flatMap(({ kid, window }) => (window === undefined ? [] : [kid]));
  if (kids.length === 0) throw new IssuerError('NO_SIGNING_KEY', 'No key of this issuer is registered yet.');
  const held = await anchorsOnChain(options.rpcUrl, client.address, issuerId, kids);

  const done: AnchoredStatus[] = [];
  for (const [at, kid] of kids.entries()) {
    const onChain = held[at];
    if (onChain !== undefined && onChain.counter > (issuer.anchorOf(kid)?.counter ?? 0)) {
      await issuer.anchored(kid, onChain);
    }
    const { counter, length, revoked, root, changed } = issuer.statusList(kid);
    const anchored = issuer.anchorOf(kid);
    if (options.ifChanged === true && !changed && anchored !== undefined) {
      done.push({ kid, counter: anchored.counter, length, revoked, root });
      continue;
    }
    const written = await client.anchor({
      issuerId,
      list: kid,
      root: Buffer.from(root.slice(2), 'hex'),
      counter,
      length,
      revoked,
      final: false,
    });
    await issuer.anchored(kid, { counter, length, revoked, root });
    const { block, gas, txHash } = written;
    done.push({ kid, counter, length, revoked, root, block, gas, txHash });
  }
  await learnRegistry(issuer, { rpcUrl: options.rpcUrl, registry: client.address, chainId: client.chainId });
  return done;
}

async function anchorsOnChain(
  rpcUrl: string,
  registry: string,
  issuerId: number,
  kids: readonly string[],
): Promise<readonly AnchorReading[]> {
  const refs = kids.map((kid) => ({ issuerId, list: encodeKid(kid) }));
  const { number } = await readLatestBlock(rpcUrl);
  return (await readAnchors(rpcUrl, registry, refs, number)).anchors;
}
