import { indexPermutation, type IndexPermutation } from '../credential/index-permutation.ts';
import { BLOCK_BITS, StatusList } from '../credential/status-list.ts';
import { MAX_LIST_BITS } from '../verifier/pipeline/status-data.ts';
import type { RevocationReason } from './card-record.ts';
import { IssuerError } from './issuer-error.ts';
import type { LostRange, RestoredList } from './restored-list.ts';

/** What the chain holds, or shall hold next, of one key's status list; `root` is 0x-hex, `length` in bits. */
export interface ListAnchor {
  readonly counter: number;
  readonly length: number;
  readonly revoked: number;
  readonly root: string;
}

/** The durable state of one key's list; sealed at rest, since the secret tells the order of issuance. */
export interface ListState {
  readonly secret: string;
  next: number;
  anchored: HeldAnchor | null;
  /** What the chain held when last seen to have gone back behind `anchored`: until that is there again. */
  receded?: { readonly counter: number; readonly length: number };
  /** The versions that the chain held, oldest first, the last of them the present one if it can be reproduced. */
  history?: readonly AnchoredVersion[];
  /** Set by a restore, until the list goes on where nobody was before. */
  restored?: RestoredList;
  /** Of cards whose records a restore did not bring back, if there were any. */
  lost?: readonly LostRange[];
}

/** An anchor that the chain holds. */
export interface HeldAnchor extends ListAnchor {
  /** Whether its list is the first so many of our revocations. */
  readonly reproducible: boolean;
  /** Of a list that is not: whether all of its revocations are ours nevertheless. */
  readonly covered?: boolean;
}

/** Any anchored list is the first so many of the revocations, so this is enough to make it again. */
type AnchoredVersion = Pick<ListAnchor, 'counter' | 'length' | 'revoked'>;

export interface RevocationRow {
  readonly index: number;
  readonly at: number;
  readonly reason: RevocationReason;
}

export interface KeyList {
  readonly kid: string;
  /** Another object once another agent has changed it. */
  state: ListState;
  readonly permutation: IndexPermutation;
  /** Revocations in the order in which they were made durable: any anchored list is the first so many of them. */
  readonly revocations: RevocationRow[];
  readonly revoked: Map<number, RevocationRow>;
  nextRow: number;
}

/** The list of a key with no revocations in it yet. */
export function newList(kid: string, state: ListState): KeyList {
  const permutation = indexPermutation(Buffer.from(state.secret, 'base64url'));
  return { kid, state, permutation, revocations: [], revoked: new Map(), nextRow: 0 };
}

/** Takes a revocation that is on disk into the list. */
export function remember(list: KeyList, row: RevocationRow): void {
  list.revocations.push(row);
  list.revoked.set(row.index, row);
}

/** The first so many revocations of a list, as bits. */
export function statusListOf(list: KeyList, revoked: number, length: number): StatusList {
  const bits = new StatusList(length / BLOCK_BITS);
  for (const { index } of list.revocations.slice(0, revoked)) bits.set(index, true);
  return bits;
}

/** Whether a list of ours can be so long: whole blocks, and no more than venues read. */
export function isListLength(length: number): boolean {
  return length > 0 && length % BLOCK_BITS === 0 && length <= MAX_LIST_BITS;
}

/** How long the list is that the chain holds, in bits: no card is issued beyond it. */
export function lengthOnChain({ state: { anchored, receded } }: KeyList): number {
  const length = anchored?.length ?? 0;
  return Math.min(length, receded?.length ?? length);
}

/** 0x-hex. */
export function rootOf(list: StatusList): string {
  return `0x${Buffer.from(list.root()).toString('hex')}`;
}

/** LevelDB opens over flipped bits and forgets records silently; a revocation the chain knows of must still be here. */
export function assertHoldsAnchored(list: KeyList): void {
  const { anchored } = list.state;
  if (anchored === null || !anchored.reproducible) return;
  const held =
    anchored.revoked <= list.revocations.length &&
    rootOf(statusListOf(list, anchored.revoked, anchored.length)) === anchored.root;
  if (!held) throw new IssuerError('STORE_DAMAGED', 'The store has lost revocations that the chain holds.');
}
