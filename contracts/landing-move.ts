import { type Fees, higher, raised } from './transaction-fees.ts';

/** A transaction that was sent, or was about to be: it is kept before it goes out. */
export interface SentTransaction {
  readonly nonce: number;
  /** Unix milliseconds. */
  readonly at: number;
  /** Wei, in decimal digits. */
  readonly max: string;
  readonly tip?: string;
  /** Missing if an account of the node was to send it, and the answer was not heard. */
  readonly hash?: string;
}

/** How an account's transactions stand: how many are in blocks, and how many with those that wait for one. */
export interface Nonces {
  readonly mined: number;
  readonly pending: number;
}

export interface Situation extends Nonces {
  readonly sent: readonly SentTransaction[];
  /** What the node proposes to offer. */
  readonly usual: Fees;
  /** Unix milliseconds; `progressAt` when a transaction of this account was last seen to get into a block. */
  readonly now: number;
  readonly progressAt: number;
  readonly patienceMs: number;
}

/** Send (again) with this nonce and at least these fees. */
export interface Move {
  readonly nonce: number;
  readonly fees: Fees;
}

/** A node that was just handed a transaction may not count it at once. */
const SETTLING = 4;

/**
 * What to do about a call that the chain does not show yet; undefined is to wait.
 *
 * Sent twice, it is carried out once (the contract refuses it the second time), so what is in doubt is sent again:
 * - nothing of it can still land (its nonces went to other transactions, or it failed): behind all that waits;
 * - the node does not have it any more: with its nonce, or the one that is missing before it;
 * - it hangs: with the account's first nonce that waits, and higher fees. Either that was ours, or it is what ours waits
 *   behind, and an account that can send nothing is worse off than one that has to send something once more.
 */
export function nextMove(situation: Situation): Move | undefined {
  const { sent, mined, pending, usual, now, progressAt, patienceMs } = situation;
  const live = sent.filter(({ nonce }) => nonce >= mined);
  const last = live.at(-1);
  const behindAll = Math.max(mined, pending);
  if (last === undefined) return { nonce: behindAll, fees: usual };
  if (pending <= last.nonce) {
    if (!isOver(last.at, now, patienceMs / SETTLING)) return undefined;
    const nonce = Math.min(last.nonce, behindAll);
    return { nonce, fees: higher(usual, offered(live.filter((each) => each.nonce === nonce).at(-1))) };
  }
  if (!isOver(last.at, now, patienceMs) || !isOver(progressAt, now, patienceMs)) return undefined;
  const replaced = live.filter(({ nonce }) => nonce === mined).at(-1) ?? last;
  return { nonce: mined, fees: higher(usual, raised(offered(replaced))) };
}

/** What a transaction offers. */
function offered(transaction: SentTransaction | undefined): Fees {
  if (transaction === undefined) return { max: 0n };
  const { max, tip } = transaction;
  return tip === undefined ? { max: BigInt(max) } : { max: BigInt(max), tip: BigInt(tip) };
}

/** A time that lies ahead was told by a clock that has been put back since. */
function isOver(since: number, now: number, forMs: number): boolean {
  return since > now || now - since >= forMs;
}
