// After a restore, what was issued since the backup was taken is unknown. No index was ever issued beyond the length that
// the chain held, so those at or past it are nobody's. But a node can lag behind its chain: only an anchor of ours that
// landed under the counter after the one that was read shows that nothing came between.

import { indexFromRid, ridFromIndex, type StatusList } from '../credential/status-list.ts';
import type { CardPlace } from './card-record.ts';
import { IssuerError } from './issuer-error.ts';
import type { KeyList, ListAnchor } from './key-list.ts';

/** Card numbers that were given away or not, nobody knows: the first of them, and the one after the last. */
export type LostRange = readonly [from: number, to: number];

/** A list whose store was restored; `seen` is the counter of the newest anchor that was read since. */
export interface RestoredList {
  readonly seen: number | null;
}

/** IssuerError RESTORED while somebody else may have the list's next index. */
export function assertFresh({ state: { restored } }: KeyList): void {
  if (restored !== undefined) {
    throw new IssuerError(
      'RESTORED',
      'The folder was restored from a backup, and what was issued since is not known: run `pratique issuer anchor` first.',
    );
  }
}

/** Takes in what was read of the chain: whatever it has room for may be given away already. */
export function afterReading(
  list: KeyList,
  { counter, length }: Pick<ListAnchor, 'counter' | 'length'>,
  { isOurs, isRelayed }: { readonly isOurs: boolean; readonly isRelayed: boolean },
): void {
  const { restored } = list.state;
  // Nor has a list that this store never made been issued from by this store alone.
  if (restored !== undefined || !isOurs) skipTo(list, length);
  if (restored === undefined) return;
  const landed = restored.seen !== null && counter > restored.seen && isOurs && isRelayed;
  if (landed) delete list.state.restored;
  else list.state.restored = { seen: counter };
}

/** Takes in an anchor of ours that landed. */
export function afterLanding(
  list: KeyList,
  { counter, length }: Pick<ListAnchor, 'counter' | 'length'>,
  reproducible: boolean,
): void {
  const { restored } = list.state;
  if (!reproducible) skipTo(list, length);
  if (restored === undefined) return;
  if (restored.seen === counter - 1) {
    delete list.state.restored;
  } else {
    skipTo(list, length);
    list.state.restored = { seen: counter };
  }
}

/** Where a card stands that the store has no record of, if it may be one of those that were lost. */
export function lostCard(list: KeyList, rid: string): CardPlace | undefined {
  const { lost = [] } = list.state;
  const index = lost.length === 0 ? undefined : indexFromRid(rid);
  if (index === undefined) return undefined;
  const ordinal = list.permutation.ordinalOf(index);
  const { kid } = list;
  const isLost = lost.some(([from, to]) => ordinal >= from && ordinal < to);
  return isLost ? { id: `${kid}.${rid}`, kid, rid, index } : undefined;
}

/** Where the cards stand that the chain holds as revoked and a store does not. */
export function missingCards({ kid, revoked }: KeyList, anchored: StatusList): readonly CardPlace[] {
  return Array.from(anchored.indices())
    .filter((index) => !revoked.has(index))
    .map((index) => {
      const rid = ridFromIndex(index);
      return { id: `${kid}.${rid}`, kid, rid, index };
    });
}

function skipTo({ state }: KeyList, length: number): void {
  if (length <= state.next) return;
  state.lost = [...(state.lost ?? []), [state.next, length]];
  state.next = length;
}
