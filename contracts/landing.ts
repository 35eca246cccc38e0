import { nextMove, type Move, type Nonces, type SentTransaction } from './landing-move.ts';
import { findReceipt, type Receipt } from './receipt.ts';
import type { Account } from './registry-account.ts';
import { RegistryError } from './registry-error.ts';
import { type Fees, isSane, raised } from './transaction-fees.ts';

export type { SentTransaction } from './landing-move.ts';

/** How a write that has to arrive is seen into a block. */
export interface Landing {
  /** What was sent of it before, oldest first, by this process or one that ended. */
  readonly sent: readonly SentTransaction[];
  /** Keeps what was sent; waited for before a transaction goes out. */
  readonly record: (sent: readonly SentTransaction[]) => Promise<void>;
  /** Whether the chain holds by now what is to be written, whoever wrote it. */
  readonly landed: () => Promise<boolean>;
  /** A transaction that is in no block for so long is replaced by one that offers more: 45 s unless said. */
  readonly patienceMs?: number;
  /** Give up after so long, for the next try to go on from there: 3 minutes unless said. */
  readonly waitMs?: number;
}

/** A write of one account over one node. */
export interface LandingCall {
  readonly rpcUrl: string;
  readonly account: Account;
  /** Answers the gas that it takes; REVERTED in words if the contract refuses it. */
  readonly rehearse: () => Promise<bigint>;
  readonly to: string;
  readonly data: string;
}

const PATIENCE_MS = 45_000;
const WAIT_MS = 180_000;
const LOOK_MS = 200;
const LONGEST_PAUSE_MS = 4_000;
/** From the fees of one transaction to those of any other that does not offer many times what is usual. */
const RAISES = 12;

/** The node, not what is asked of it. */
const PASSING: ReadonlySet<string> = new Set([
  'CHAIN_UNAVAILABLE',
  'CHAIN_ANSWER_INVALID',
  'CHAIN_ANSWER_TOO_LARGE',
]);

/** Whether asking again, as it is, may help. */
export function isPassing(error: unknown): boolean {
  return error instanceof RegistryError && PASSING.has(error.code);
}

/** Half to one and a half times a pause that doubles with every failure: nodes that come back are not all asked at once. */
export function pauseAfter(failures: number, firstMs: number, longestMs: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.min(failures, 16)) * (0.5 + Math.random());
}

/**
 * Sends until the chain holds what is to be written: again when the node lost it, with higher fees when it hangs, with
 * another nonce when somebody else used that one. Faults of the node are waited out.
 *
 * The receipt is missing if somebody else wrote it, or the one who sent it did not live to hear its hash. Throws
 * RegistryError TRANSACTION_PENDING if time is up, REVERTED or as any call does.
 */
export async function seeLanded(call: LandingCall, landing: Landing): Promise<Receipt | undefined> {
  const { rpcUrl, account } = call;
  const attempts = new Attempts(call, landing);
  const deadline = Date.now() + (landing.waitMs ?? WAIT_MS);
  let failures = 0;
  for (let looks = 0; ; looks++) {
    try {
      // Nonces first: what was carried out by then is seen by the look that follows.
      const nonces = await account.nonces();
      if (await landing.landed()) return await receiptAmong(rpcUrl, attempts.sent);
      await attempts.advance(nonces);
      failures = 0;
    } catch (error) {
      failures++;
      if (!isPassing(error) || Date.now() >= deadline) throw error;
    }
    if (Date.now() >= deadline) {
      throw new RegistryError(
        'TRANSACTION_PENDING',
        'What was sent is in no block yet; the next try goes on with it.',
      );
    }
    const pause = failures > 0 ? pauseAfter(failures, LOOK_MS, LONGEST_PAUSE_MS) : pauseOf(looks);
    await new Promise((resolve) => setTimeout(resolve, Math.min(pause, Math.max(0, deadline - Date.now()))));
  }
}

/** A chain of blocks every few seconds is not asked five times in each. */
function pauseOf(looks: number): number {
  return Math.min(2_000, LOOK_MS * Math.max(1, looks / 5));
}

async function receiptAmong(rpcUrl: string, sent: readonly SentTransaction[]): Promise<Receipt | undefined> {
  for (const { hash } of sent.toReversed()) {
    const receipt = hash === undefined ? undefined : await findReceipt(rpcUrl, hash);
    if (receipt?.carriedOut === true) return receipt;
  }
  return undefined;
}

/** The transactions of one call, kept before each goes out. */
class Attempts {
  sent: readonly SentTransaction[];
  readonly #call: LandingCall;
  readonly #landing: Landing;
  #mined = -1;
  #progressAt = 0;
  /** Nothing higher may be offered: until then, only wait. */
  #quietUntil = 0;

  constructor(call: LandingCall, landing: Landing) {
    this.#call = call;
    this.#landing = landing;
    this.sent = landing.sent;
  }

  /** Does the next thing there is to do, if any. */
  async advance({ mined, pending }: Nonces): Promise<void> {
    const now = Date.now();
    if (this.#mined !== -1 && mined > this.#mined) this.#progressAt = now;
    this.#mined = mined;
    if (now < this.#quietUntil) return;
    const { account } = this.#call;
    const { patienceMs = PATIENCE_MS } = this.#landing;
    const usual = await account.usualFees();
    const move = nextMove({
      sent: this.sent,
      mined,
      pending,
      usual,
      now,
      progressAt: this.#progressAt,
      patienceMs,
    });
    if (move === undefined) return;
    if (!(await this.#send(move, usual))) this.#quietUntil = now + patienceMs;
  }

  /** False if the node would not take it at any fee that is sane. */
  async #send({ nonce, fees: least }: Move, usual: Fees): Promise<boolean> {
    const { account, rehearse, to, data } = this.#call;
    const gas = await this.#rehearsed(rehearse);
    if (gas === undefined) return true;
    const before = this.sent;
    let fees = least;
    for (let raises = 0; raises < RAISES && isSane(fees, usual); raises++) {
      const sending = { nonce, at: Date.now(), ...inDigits(fees) };
      await this.#keep([...before, sending]);
      const answer = await account.sendAs({ to, data, gas, nonce, fees }, async (hash) =>
        this.#keep([...before, { ...sending, hash }]),
      );
      if ('hash' in answer) {
        await this.#keep([...before, { ...sending, hash: answer.hash }]);
        return true;
      }
      // The node has it already: what is kept of it is right.
      if (answer.refused === 'known') return true;
      await this.#keep(before);
      // Somebody was faster: look again.
      if (answer.refused === 'nonce') return true;
      fees = raised(fees);
    }
    return false;
  }

  /** Undefined if it landed meanwhile: the contract refuses it a second time. */
  async #rehearsed(rehearse: () => Promise<bigint>): Promise<bigint | undefined> {
    try {
      return await rehearse();
    } catch (error) {
      const refused = error instanceof RegistryError && error.code === 'REVERTED';
      if (refused && (await this.#landing.landed())) return undefined;
      throw error;
    }
  }

  async #keep(sent: readonly SentTransaction[]): Promise<void> {
    await this.#landing.record(sent);
    this.sent = sent;
  }
}

function inDigits({ max, tip }: Fees): Pick<SentTransaction, 'max' | 'tip'> {
  return tip === undefined ? { max: String(max) } : { max: String(max), tip: String(tip) };
}
