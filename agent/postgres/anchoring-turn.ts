import { IssuerError } from '../issuer-error.ts';
import { LOCK_KIND, type Lock, type LockSession } from './lock-session.ts';

const TURN: Lock = { kind: LOCK_KIND.anchoring, of: 0 };

/** Refuses unless the turn is this agent's still: asked right before anything is sent. IssuerError ANCHORING_ELSEWHERE. */
export type AssertTurn = () => Promise<void>;

/**
 * Anchors while no other agent on the same database does, waiting up to so many milliseconds for one that is at it.
 *
 * IssuerError ANCHORING_ELSEWHERE if it is not done by then, or if the turn was lost before something was sent;
 * STORE_UNAVAILABLE; as `work`.
 */
export async function inTurn<T>(
  session: LockSession,
  waitMs: number,
  work: (assertTurn: AssertTurn) => Promise<T>,
): Promise<T> {
  if (!(await session.take(TURN, waitMs))) {
    throw new IssuerError(
      'ANCHORING_ELSEWHERE',
      'Another agent of this issuer is anchoring; try again once it is done.',
    );
  }
  try {
    return await work(async () => {
      if (await session.holds(TURN)) return;
      throw new IssuerError(
        'ANCHORING_ELSEWHERE',
        'This agent lost the database in the middle of anchoring, and another may be at it: nothing more is sent.',
      );
    });
  } finally {
    await session.giveBack(TURN);
  }
}
