import type { AnchorTerms } from '../../agent/anchoring/anchoring.ts';
import type { AssertTurn } from '../../agent/postgres/anchoring-turn.ts';
import { IssuerError } from '../../agent/issuer-error.ts';
import type { Issuer } from '../../agent/issuer.ts';
import { readBlock } from '../../contracts/header-reader.ts';
import { isPassing, pauseAfter } from '../../contracts/landing.ts';
import { RegistryError } from '../../contracts/registry-error.ts';
import { failureOf } from '../exit.ts';
import { anchorAudit, type AnchoredAudit } from './anchor-audit.ts';
import { anchoredKids, anchorStatus, heldAt, type AnchoredStatus } from './anchor.ts';
import { inAnchoringTurn } from './anchoring-turn.ts';
import { connectIssuer, type ChainOptions, type Connection, type SenderChoice } from './connect.ts';
import { publishKeySet } from './end-key.ts';
import { assertNoneLacking } from './missed-revocations.ts';

/** A whole run: the chain, then the files. */
export interface AnchorRunOptions extends ChainOptions {
  readonly out: string;
  readonly room?: number;
  /** Folder in which lists were published before a restore. */
  readonly lists?: string;
  /** See `MissedOptions`. */
  readonly disown?: boolean;
  readonly unchanged: AnchorTerms['unchanged'];
  /** Seconds, as `Landing` has them in milliseconds. */
  readonly replaceAfter?: number;
  readonly wait?: number;
  /** Of an agent that has the turn among several; without it, it is taken. */
  readonly assertTurn?: AssertTurn;
}

/** A list that is on the chain, and the files that say so. */
export interface PublishedList extends Omit<AnchoredStatus, 'gas'> {
  readonly gas?: number;
  readonly final?: boolean;
  readonly free: number;
  readonly short: boolean;
  readonly file: string;
  readonly files: readonly string[];
}

export interface AnchorRun {
  readonly lists: readonly PublishedList[];
  readonly keySet: string;
  readonly audit: AnchoredAudit;
}

/** What is not an alarm: nothing can have reached the chain before these are done. */
const NOT_BEGUN: ReadonlySet<string> = new Set([
  'REGISTRY_NOT_BOUND',
  'NO_SIGNING_KEY',
  'ANCHORING_ELSEWHERE',
]);

/** A node that is away for a moment is asked so often again before anything is begun. */
const TRIES = 3;
const FIRST_PAUSE_MS = 250;

/**
 * Brings everything to the chain that belongs there, then writes the files that venues read: in this order, so that no
 * file is ahead of the chain. Whether it got through is kept with the issuer. Of several agents on one database one at a time
 * does it.
 *
 * IssuerError and RegistryError as `connectIssuer` and `anchorStatus`; IssuerError OUTPUT_UNWRITABLE, ANCHORING_ELSEWHERE.
 */
export async function anchorRun(
  issuer: Issuer,
  options: AnchorRunOptions,
  sender?: SenderChoice,
): Promise<AnchorRun> {
  return inAnchoringTurn(issuer, options.assertTurn, async (assertTurn) =>
    runInTurn(issuer, { ...options, ...(assertTurn === undefined ? {} : { assertTurn }) }, sender),
  );
}

async function runInTurn(
  issuer: Issuer,
  options: AnchorRunOptions,
  sender: SenderChoice | undefined,
): Promise<AnchorRun> {
  try {
    // Before anything is sent: files that nobody can sign would leave the chain ahead of what venues can read.
    for (const kid of anchoredKids(issuer)) issuer.signingKeys.signerFor(kid);
    const connection = await patiently(async () => connectIssuer(issuer, options, sender));
    const anchored = await bringToChain(issuer, connection, options);
    const run = await publish(issuer, anchored, options.out);
    // Whoever only takes over what others relayed may have no ether at all.
    const isSent = options.unchanged !== 'never' || anchored.some(({ block }) => block !== undefined);
    const { issuerId } = connection.binding;
    const { assertTurn = async () => undefined } = options;
    const audit = await anchorAudit(issuer, connection.client, { issuerId, isSent, assertTurn });
    assertNoneLacking(issuer);
    const final = await finalCounters(issuer, connection);
    await issuer.anchoring.standing.reached(Math.floor(Date.now() / 1000), final);
    return { ...run, audit, lists: run.lists.map((list) => ({ ...list, ...finality(list, final) })) };
  } catch (error) {
    const { code } = failureOf(error);
    const ofStore = error instanceof IssuerError && code.startsWith('STORE_');
    if (!NOT_BEGUN.has(code) && !ofStore) {
      await issuer.anchoring.standing.failed(Math.floor(Date.now() / 1000), code);
    }
    throw error;
  }
}

/** Where lists were published before: where they are published now, unless said. */
export function publishedIn({ lists, out }: Pick<AnchorRunOptions, 'lists' | 'out'>): readonly string[] {
  return lists === undefined ? [out] : [lists, out];
}

/** What belongs on the chain, step by step in its order. */
async function bringToChain(
  issuer: Issuer,
  { client, binding }: Connection,
  { room, unchanged, replaceAfter, wait, disown, assertTurn, ...folders }: AnchorRunOptions,
): Promise<readonly AnchoredStatus[]> {
  const lists = await anchorStatus(issuer, client, {
    rpcUrl: binding.rpcUrl,
    unchanged,
    lists: publishedIn(folders),
    disown: disown === true,
    ...(assertTurn === undefined ? {} : { assertTurn }),
    ...(room === undefined ? {} : { room }),
    ...(replaceAfter === undefined ? {} : { patienceMs: replaceAfter * 1000 }),
    ...(wait === undefined ? {} : { waitMs: wait * 1000 }),
  });
  return lists;
}

/** Writes the files of what the chain is known to hold, whoever brought it there. IssuerError OUTPUT_UNWRITABLE. */
export async function publishAnchored(issuer: Issuer, out: string): Promise<void> {
  await publishKeySet(issuer, out);
  for (const kid of anchoredKids(issuer)) {
    if (issuer.anchorOf(kid) !== undefined) await issuer.publishStatus(kid, out);
  }
}

async function publish(
  issuer: Issuer,
  anchored: readonly AnchoredStatus[],
  out: string,
): Promise<Omit<AnchorRun, 'audit'>> {
  const keySet = await publishKeySet(issuer, out);
  const lists: PublishedList[] = [];
  for (const { gas, ...each } of anchored) {
    const files = await issuer.publishStatus(each.kid, out);
    const room = issuer.roomOf(each.kid);
    const spent = gas === undefined ? {} : { gas: Number(gas) };
    lists.push({ ...each, ...spent, ...room, file: files[0] ?? '', files });
  }
  return { lists, keySet };
}

/** As below; a node that goes away now takes nothing from what has landed. */
async function finalCounters(
  issuer: Issuer,
  connection: Connection,
): Promise<Record<string, number> | undefined> {
  try {
    return await readFinalCounters(issuer, connection);
  } catch (error) {
    if (isPassing(error)) return undefined;
    throw error;
  }
}

/** The counter of each list in the newest block that cannot go any more; undefined where no block is ever said to be so. */
async function readFinalCounters(
  issuer: Issuer,
  { client, binding }: Connection,
): Promise<Record<string, number> | undefined> {
  const { rpcUrl, issuerId } = binding;
  const block = await readBlock(rpcUrl, 'finalized');
  if (block === undefined) return undefined;
  const counters: Record<string, number> = {};
  for (const kid of anchoredKids(issuer)) {
    const where = { rpcUrl, registry: client.address, issuerId, kid };
    counters[kid] = await heldAt(where, block.number).then(
      ({ counter }) => counter,
      (error: unknown) => {
        // The registry itself is younger than that block.
        if (error instanceof RegistryError && error.code === 'NO_REGISTRY') return 0;
        throw error;
      },
    );
  }
  return counters;
}

function finality(
  { kid, counter }: AnchoredStatus | PublishedList,
  final: Readonly<Record<string, number>> | undefined,
): { readonly final?: boolean } {
  return final === undefined ? {} : { final: (final[kid] ?? 0) >= counter };
}

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || failures + 1 >= TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseAfter(failures, FIRST_PAUSE_MS, 2_000)));
    }
  }
}
