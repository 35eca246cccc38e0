import type { Issuer } from '../../agent/issuer.ts';
import type { AssertTurn } from '../../agent/postgres/anchoring-turn.ts';

/** A run that another agent has begun is over by then, unless the chain is away. */
const TURN_WAIT_MS = 30_000;

/**
 * Runs what sends anchors while no other agent on the same database does, in a turn that it has or takes; of a folder of its
 * own nobody else can. IssuerError ANCHORING_ELSEWHERE, STORE_UNAVAILABLE.
 */
export async function inAnchoringTurn<T>(
  issuer: Issuer,
  held: AssertTurn | undefined,
  work: (assertTurn: AssertTurn | undefined) => Promise<T>,
): Promise<T> {
  const { shared } = issuer;
  if (shared === undefined || held !== undefined) return work(held);
  return shared.anchoring(TURN_WAIT_MS, work);
}
