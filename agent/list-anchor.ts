import { BLOCK_BITS, type ListVersion, type StatusList } from '../credential/status-list.ts';
import { IssuerError } from './issuer-error.ts';
import {
  lengthOnChain,
  rootOf,
  statusListOf,
  type HeldAnchor,
  type KeyList,
  type ListAnchor,
  isListLength,
} from './key-list.ts';

/** The list to be anchored next: its bits, and whether they differ from what the chain holds. */
export interface ListSnapshot extends ListAnchor {
  readonly list: StatusList;
  readonly changed: boolean;
}

/** A list grows before it is needed: less than this many free indices, and the next anchor is one block longer. */
const RESERVE = BLOCK_BITS / 4;

/** A venue that missed more anchors than these takes the whole list: a day each, a month. */
const MAX_HISTORY = 32;

/**
 * A list as it stands, with the counter under which to anchor it next; grown ahead of need.
 *
 * IssuerError REVOCATIONS_MISSING if the chain holds revocations that it lacks: the next anchor would take them back.
 */
export function snapshotOf(list: KeyList, room: number): ListSnapshot {
  if (lackedBy(list) !== undefined) {
    throw new IssuerError(
      'REVOCATIONS_MISSING',
      'The chain holds revocations that this folder lacks: run `pratique issuer anchor`.',
    );
  }
  const { anchored, next, restored } = list.state;
  let length = Math.max(anchored?.length ?? 0, BLOCK_BITS);
  const free = Math.max(RESERVE, room);
  length += Math.max(0, Math.ceil((next + free - length) / BLOCK_BITS)) * BLOCK_BITS;
  const revoked = list.revocations.length;
  const bits = statusListOf(list, revoked, length);
  const changed =
    restored !== undefined ||
    !anchored?.reproducible ||
    anchored.revoked !== revoked ||
    anchored.length !== length;
  return {
    list: bits,
    counter: (anchored?.counter ?? 0) + 1,
    length,
    revoked,
    root: rootOf(bits),
    changed,
  };
}

/** Whether an anchor that was read of the chain tells a list anything; IssuerError ANCHOR_MISMATCH, see `StatusLedger.learn`. */
export function isNews({ state }: KeyList, { counter, root }: ListAnchor): boolean {
  const { anchored, restored } = state;
  const newest = anchored?.counter ?? 0;
  if (counter < newest && restored !== undefined) {
    throw new IssuerError(
      'ANCHOR_MISMATCH',
      'The node is behind its chain: what it says of a list is older than the backup.',
    );
  }
  if (counter < newest) return false;
  const isKnown = counter === newest && (anchored === null || anchored.root === root.toLowerCase());
  return !isKnown || restored !== undefined;
}

/**
 * Takes over what the chain holds of a list, and answers whether it is one that this store can make again. A length that no
 * list of this issuer can have, of whoever anchored with its account, is not taken over.
 *
 * IssuerError ANCHOR_MISMATCH if the counter goes back.
 */
export function hold(list: KeyList, anchor: ListAnchor): boolean {
  const { state } = list;
  const { counter, revoked } = anchor;
  if (counter < (state.anchored?.counter ?? 1)) {
    throw new IssuerError('ANCHOR_MISMATCH', 'This cannot be the newest anchor of this list.');
  }
  const root = anchor.root.toLowerCase();
  const isLength = isListLength(anchor.length);
  const length = isLength ? anchor.length : (state.anchored?.length ?? BLOCK_BITS);
  const reproducible =
    isLength && revoked <= list.revocations.length && rootOf(statusListOf(list, revoked, length)) === root;
  // No list of ours has such a length, and under a counter of ours no other one: whoever has the issuer's account made it.
  const isForeign = !isLength || (state.anchored?.counter === counter && state.anchored.root !== root);
  const covered = !reproducible && state.restored === undefined && isForeign;
  state.anchored = { counter, length, revoked, root, reproducible, ...(covered ? { covered } : {}) };
  delete state.receded;
  if (reproducible) {
    const before = (state.history ?? []).filter((version) => version.counter < counter);
    state.history = [...before, { counter, length, revoked }].slice(-MAX_HISTORY);
  }
  return reproducible;
}

/** Whether the list that the chain holds is of somebody who has only the issuer's account: no card was issued by it. */
export function isStrangers({ state: { anchored } }: KeyList): boolean {
  return anchored?.covered === true;
}

/** How many cards a list on the chain has room for, and whether the next anchor should make more. */
export function roomOf(list: KeyList): { readonly free: number; readonly short: boolean } {
  const free = Math.max(0, lengthOnChain(list) - list.state.next);
  return { free, short: free < RESERVE };
}

/** The anchor that the chain holds of a list with revocations that are not here; undefined if there are none. */
export function lackedBy({ state: { anchored } }: KeyList): HeldAnchor | undefined {
  return anchored === null || anchored.reproducible || anchored.covered === true ? undefined : anchored;
}

/** A list exactly as the chain holds it; IssuerError NOT_ANCHORED, ANCHOR_MISMATCH if it cannot be made again. */
export function anchoredListOf(list: KeyList): ListVersion {
  const { anchored } = list.state;
  if (anchored === null) throw new IssuerError('NOT_ANCHORED', 'The chain holds no status list of this key.');
  if (!anchored.reproducible) {
    throw new IssuerError('ANCHOR_MISMATCH', 'The chain holds another list than this store; anchor again.');
  }
  const { revoked, length, counter } = anchored;
  return { kid: list.kid, list: statusListOf(list, revoked, length), counter };
}

/** What was anchored before, oldest first, up to the present version; each list is made when it is asked for. */
export function versionsOf(
  list: KeyList,
): readonly { readonly counter: number; readonly list: () => StatusList }[] {
  return (list.state.history ?? []).map(({ counter, length, revoked }) => ({
    counter,
    list: () => statusListOf(list, revoked, length),
  }));
}
