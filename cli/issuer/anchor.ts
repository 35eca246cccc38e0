import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Issuer } from '../../agent/issuer.ts';
import { IssuerError } from '../../agent/issuer-error.ts';
import { readAnchors, readLatestBlock, type AnchorReading } from '../../contracts/log-reader.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import { encodeKid } from '../../contracts/registry-encoding.ts';
import type { NewAnchor } from '../../contracts/registry-terms.ts';
import { signInto } from '../registry/instruction.ts';
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
  options: { readonly rpcUrl: string; readonly ifChanged?: boolean; readonly room?: number },
): Promise<AnchoredStatus[]> {
  const lists = await listsOf(issuer, client, options);
  const done: AnchoredStatus[] = [];
  for (const { terms, root, changed, anchored } of lists) {
    const { list: kid, counter, length, revoked } = terms;
    if (options.ifChanged === true && !changed && anchored !== undefined) {
      done.push({ kid, counter: anchored.counter, length, revoked, root });
      continue;
    }
    const { block, gas, txHash } = await client.anchor(terms);
    await issuer.anchored(kid, { counter, length, revoked, root });
    done.push({ kid, counter, length, revoked, root, block, gas, txHash });
  }
  await learnRegistry(issuer, { rpcUrl: options.rpcUrl, registry: client.address, chainId: client.chainId });
  return done;
}

/** An instruction for somebody else to relay. */
export interface SignedAnchor {
  readonly kid: string;
  readonly counter: number;
  readonly file: string;
  /** Unix seconds. */
  readonly deadline: number;
}

/**
 * Signs what `anchorStatus` would send, for the lists that the chain does not hold as they are, into files that anybody
 * can relay. Nothing is recorded as anchored: whoever runs either again takes over what landed on the chain meanwhile.
 *
 * IssuerError and RegistryError as `anchorStatus`; RegistryError FILE_EXISTS.
 */
export async function signAnchors(
  issuer: Issuer,
  client: RegistryClient,
  {
    folder,
    deadline,
    ...options
  }: {
    readonly rpcUrl: string;
    readonly folder: string;
    readonly deadline?: number;
    readonly room?: number;
  },
): Promise<SignedAnchor[]> {
  const due = (await listsOf(issuer, client, options)).filter(({ changed }) => changed);
  await mkdir(folder, { recursive: true });
  const signed: SignedAnchor[] = [];
  for (const [after, { terms }] of due.entries()) {
    const { list: kid, counter } = terms;
    const file = join(folder, `anchor-${kid}-${counter}.json`);
    const instruction = await signInto(
      client,
      { instruction: 'anchor', terms },
      { instruction: file, after, ...(deadline === undefined ? {} : { deadline }) },
    );
    signed.push({ kid, counter, file, deadline: instruction.deadline });
  }
  return signed;
}

/** A list as it is to be anchored next, and as it was last. */
interface DueList {
  readonly terms: NewAnchor;
  /** 0x-hex */
  readonly root: string;
  readonly changed: boolean;
  readonly anchored: { readonly counter: number } | undefined;
}

async function listsOf(
  issuer: Issuer,
  client: RegistryClient,
  { rpcUrl, room = 0 }: { readonly rpcUrl: string; readonly room?: number },
): Promise<DueList[]> {
  const issuerId = issuer.registry?.issuerId;
  if (issuerId === undefined) {
    throw new IssuerError('REGISTRY_NOT_BOUND', 'The issuer is not tied to a registry yet.');
  }
  // Of a stolen key no list is worth anything.
  const kids = issuer
    .keys()
    .flatMap(({ kid, window, ended }) =>
      window === undefined || ended?.state === 'compromised' ? [] : [kid],
    );
  if (kids.length === 0) throw new IssuerError('NO_SIGNING_KEY', 'No key of this issuer is registered yet.');
  const held = await anchorsOnChain(rpcUrl, client.address, issuerId, kids);

  // Who makes room means the key that signs next.
  const newest = kids.at(-1);
  const lists: DueList[] = [];
  for (const [at, kid] of kids.entries()) {
    const onChain = held[at];
    if (onChain !== undefined && onChain.counter > (issuer.anchorOf(kid)?.counter ?? 0)) {
      await issuer.anchored(kid, onChain);
    }
    const { counter, length, revoked, root, changed } = issuer.statusList(kid, kid === newest ? room : 0);
    const bytes = Buffer.from(root.slice(2), 'hex');
    const terms = { issuerId, list: kid, root: bytes, counter, length, revoked, final: false };
    lists.push({ terms, root, changed, anchored: issuer.anchorOf(kid) });
  }
  return lists;
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
