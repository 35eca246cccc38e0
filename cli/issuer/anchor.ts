import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnchorTerms, HeldAnchor } from '../../agent/anchoring/anchoring.ts';
import type { Issuer, ListAnchor } from '../../agent/issuer.ts';
import { IssuerError } from '../../agent/issuer-error.ts';
import type { AssertTurn } from '../../agent/postgres/anchoring-turn.ts';
import type { Landing } from '../../contracts/landing.ts';
import { readAnchors, readLatestBlock } from '../../contracts/log-reader.ts';
import type { Written } from '../../contracts/registry-calls.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import { encodeKid } from '../../contracts/registry-encoding.ts';
import type { NewAnchor } from '../../contracts/registry-terms.ts';
import { signInto } from '../registry/instruction.ts';
import { learnRegistry } from './learn-registry.ts';
import { isLacking, type MissedOptions } from './missed-revocations.ts';

/**
 * What became of one key's list: the anchor the chain holds now. Block and gas are missing if it was left alone, or if
 * somebody else brought it there.
 */
export interface AnchoredStatus {
  readonly kid: string;
  readonly outcome: 'anchored' | 'unchanged';
  /** The chain had lost what it held. */
  readonly receded: boolean;
  readonly counter: number;
  readonly length: number;
  readonly revoked: number;
  readonly root: string;
  readonly block?: number;
  readonly gas?: bigint;
  readonly txHash?: string;
}

/** When a list is anchored, and how long its transaction is waited for. */
export interface AnchorStatusOptions extends Pick<Landing, 'patienceMs' | 'waitMs'>, MissedOptions {
  readonly rpcUrl: string;
  readonly room?: number;
  /** Asked right before anything is sent: this agent may have been taken for dead. */
  readonly assertTurn?: AssertTurn;
  /** `always` unless said. */
  readonly unchanged?: AnchorTerms['unchanged'];
}

/**
 * Anchors the status list of every registered key, grown ahead of need, and records what the chain confirmed; then
 * learns from the registry's log whom it trusts now, which is what the issuer's DIDs resolve from.
 *
 * What the chain holds is read first: an anchor that landed while this machine fell over is taken over instead of being
 * lost, one that the chain lost is brought back, and one that was on its way is what goes on. `lists` are folders in which
 * lists were published: revocations that the chain holds and a restored folder does not are taken over from there, and a
 * list with revocations that are nowhere is left out (see `assertNoneLacking`). IssuerError REGISTRY_NOT_BOUND,
 * NO_SIGNING_KEY, ANCHOR_MISMATCH; RegistryError; TrustError.
 */
export async function anchorStatus(
  issuer: Issuer,
  client: RegistryClient,
  options: AnchorStatusOptions,
): Promise<AnchoredStatus[]> {
  const done: AnchoredStatus[] = [];
  for (const list of listsOf(issuer, client, options)) {
    const anchored = await anchorList(issuer, list, options);
    if (anchored !== undefined) done.push(anchored);
  }
  await learnRegistry(issuer, { rpcUrl: options.rpcUrl, registry: client.address, chainId: client.chainId });
  return done;
}

/** One version of a list after the other, until the chain holds the list as it is; undefined if it is left out. */
async function anchorList(
  issuer: Issuer,
  { kid, terms, client, termsOf, held, missed }: List,
  { patienceMs, waitMs, assertTurn }: Pick<AnchorStatusOptions, 'patienceMs' | 'waitMs' | 'assertTurn'>,
): Promise<AnchoredStatus | undefined> {
  const { anchoring } = issuer;
  let receded = false;
  let sent: { readonly counter: number; readonly written: Written | undefined } | undefined;
  for (;;) {
    const seen = await held();
    const landed = sent?.written === undefined ? undefined : sent.counter;
    if ((await anchoring.saw(kid, seen, landed)) === 'receded') receded = true;
    if (await isLacking(issuer, kid, missed)) return undefined;
    // What was brought there just now is not too old.
    const when: AnchorTerms = sent === undefined ? terms : { ...terms, unchanged: 'never' };
    const due = await anchoring.due(kid, seen, when, Date.now() / 1000);
    if (due === undefined) {
      const { counter, length, revoked, root } = seen;
      const outcome = sent === undefined ? 'unchanged' : 'anchored';
      return { kid, outcome, receded, counter, length, revoked, root, ...sent?.written };
    }
    const { counter } = due;
    const written = await client.landAnchor(termsOf(due), {
      sent: anchoring.sent(kid, counter),
      record: async (transactions) => {
        // Whoever follows knows better what was sent since.
        await assertTurn?.();
        await anchoring.recordSent(kid, counter, transactions);
        await assertTurn?.();
      },
      landed: async () => (await held()).counter >= counter,
      ...(patienceMs === undefined ? {} : { patienceMs }),
      ...(waitMs === undefined ? {} : { waitMs }),
    });
    sent = { counter, written };
  }
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
  }: MissedOptions & {
    readonly rpcUrl: string;
    readonly folder: string;
    readonly deadline?: number;
    readonly room?: number;
  },
): Promise<SignedAnchor[]> {
  const signed: SignedAnchor[] = [];
  for (const { kid, terms, termsOf, held, missed } of listsOf(issuer, client, {
    ...options,
    unchanged: 'never',
  })) {
    const seen = await held();
    await issuer.anchoring.saw(kid, seen);
    if (await isLacking(issuer, kid, missed)) continue;
    const due = issuer.anchoring.next(kid, seen, terms, Date.now() / 1000);
    if (due === undefined) continue;
    await mkdir(folder, { recursive: true });
    const file = join(folder, `anchor-${kid}-${due.counter}.json`);
    const instruction = await signInto(
      client,
      { instruction: 'anchor', terms: termsOf(due) },
      { instruction: file, after: signed.length, ...(deadline === undefined ? {} : { deadline }) },
    );
    signed.push({ kid, counter: due.counter, file, deadline: instruction.deadline });
  }
  return signed;
}

/** A list that belongs on the chain. */
interface List {
  readonly kid: string;
  readonly terms: AnchorTerms;
  readonly client: RegistryClient;
  /** As the registry takes it. */
  readonly termsOf: (anchor: ListAnchor) => NewAnchor;
  /** What the chain holds of it now. */
  readonly held: () => Promise<HeldAnchor>;
  readonly missed: MissedOptions;
}

function listsOf(
  issuer: Issuer,
  client: RegistryClient,
  { rpcUrl, room = 0, unchanged = 'always', lists = [], disown = false }: AnchorStatusOptions,
): readonly List[] {
  const issuerId = issuer.registry?.issuerId;
  if (issuerId === undefined) {
    throw new IssuerError('REGISTRY_NOT_BOUND', 'The issuer is not tied to a registry yet.');
  }
  const kids = anchoredKids(issuer);
  if (kids.length === 0) {
    throw new IssuerError(
      'NO_SIGNING_KEY',
      'No key of this issuer has a list to anchor: register one with `pratique issuer key`.',
    );
  }
  // Who makes room means the key that signs next.
  const newest = kids.at(-1);
  return kids.map((kid) => ({
    kid,
    terms: { room: kid === newest ? room : 0, unchanged },
    client,
    missed: { lists, disown },
    termsOf: ({ counter, length, revoked, root }) => {
      const bytes = Buffer.from(root.slice(2), 'hex');
      return { issuerId, list: kid, root: bytes, counter, length, revoked, final: false };
    },
    held: async () => {
      const { number } = await readLatestBlock(rpcUrl);
      return heldAt({ rpcUrl, registry: client.address, issuerId, kid }, number);
    },
  }));
}

/** The keys whose lists belong on the chain: of a stolen key no list is worth anything. */
export function anchoredKids(issuer: Issuer): readonly string[] {
  return issuer
    .keys()
    .flatMap(({ kid, window, ended }) =>
      window === undefined || ended?.state === 'compromised' ? [] : [kid],
    );
}

/** What the chain holds of a key's list at a block. Throws RegistryError as any reading does. */
export async function heldAt(
  {
    rpcUrl,
    registry,
    issuerId,
    kid,
  }: { readonly rpcUrl: string; readonly registry: string; readonly issuerId: number; readonly kid: string },
  block: number,
): Promise<HeldAnchor> {
  const refs = [{ issuerId, list: encodeKid(kid) }];
  const [held] = (await readAnchors(rpcUrl, registry, refs, block)).anchors;
  return held ?? { counter: 0, length: 0, revoked: 0, root: '', time: 0 };
}
