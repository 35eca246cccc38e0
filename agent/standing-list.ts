import { BLOCK_BITS, StatusList } from '../credential/status-list.ts';
import type { KeyList, RevocationRow } from './key-list.ts';
import { lackedBy } from './list-anchor.ts';

/** The status list of one of the issuer's own keys as it stands, anchored or not. */
export interface StandingList {
  readonly list: StatusList;
  /** Of the last anchor. */
  readonly counter: number;
  /** False while the chain holds revocations that are not here, or a restored list waits for the chain to be read. */
  readonly whole: boolean;
}

interface Made {
  readonly list: StatusList;
  /** How many revocations are in it. */
  readonly count: number;
}

/** Bits of the lists that were asked for: a revocation more is one bit more, and not millions anew. */
const made = new WeakMap<readonly RevocationRow[], Made>();

/**
 * A list with all that is revoked in it, long enough for every card that was issued; undefined of a key whose list the chain
 * was never seen to hold, and with which nothing was revoked.
 */
export function standingList(key: KeyList): StandingList | undefined {
  const { revocations, state } = key;
  const { anchored } = state;
  if (anchored === null && revocations.length === 0) return undefined;
  const held = made.get(revocations);
  const current = held !== undefined && held.count <= revocations.length ? held : undefined;
  const list = current?.list ?? new StatusList(1);
  const added = revocations.slice(current?.count ?? 0);
  const bits = added.reduce((most, { index }) => Math.max(most, index + 1), anchored?.length ?? 0);
  const lacking = Math.ceil((bits - list.length) / BLOCK_BITS);
  if (lacking > 0) list.grow(lacking);
  for (const { index } of added) list.set(index, true);
  made.set(revocations, { list, count: revocations.length });
  const whole = lackedBy(key) === undefined && state.restored === undefined;
  return { list, counter: anchored?.counter ?? 0, whole };
}
