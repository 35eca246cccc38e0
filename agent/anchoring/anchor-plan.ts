import type { ListAnchor } from '../key-list.ts';

/**
 * Which version of a list has to reach the chain before any newer one: the oldest that is behind `held`, the counter that
 * the chain holds (0 for none). Undefined if there is none, and the list as it is may be next.
 *
 * First those that the chain held and lost, which venues have read; then the one that was meant to be there and may have
 * been sent. Under the same counter neither may ever be another list: with transactions on the way and blocks that can go,
 * both would be on the chain, one after the other.
 */
export function owedAnchor<Confirmed extends Numbered, Intended extends Numbered>(
  held: number,
  {
    confirmed,
    intended,
  }: { readonly confirmed: readonly Confirmed[]; readonly intended: Intended | undefined },
): Confirmed | Intended | undefined {
  const lost = confirmed.find(({ counter }) => counter > held);
  if (lost !== undefined) return lost;
  return intended !== undefined && intended.counter > held ? intended : undefined;
}

type Numbered = Pick<ListAnchor, 'counter'>;

/** How a list stands on the chain, against what was known of it. */
export type Sighting = 'as known' | 'found' | 'receded';

/** Of a list whose newest known version on the chain is `known`. */
export function sightingOf(
  held: Pick<ListAnchor, 'counter' | 'root'>,
  known: Pick<ListAnchor, 'counter' | 'root'> | undefined,
): Sighting {
  const counter = known?.counter ?? 0;
  if (held.counter < counter) return 'receded';
  // Another list under the same counter: the blocks of ours were replaced by some with a stranger's.
  const same = held.counter === counter && (counter === 0 || held.root.toLowerCase() === known?.root);
  return same ? 'as known' : 'found';
}
