import { setTimeout as sleep } from 'node:timers/promises';
import { IssuerError } from '../issuer-error.ts';
import { inTurn, type AssertTurn } from './anchoring-turn.ts';
import { LOCK_KIND, type Lock, type LockSession } from './lock-session.ts';

/** What an agent is by now: it anchors, another does, or it cannot know. */
export type Standing = 'leading' | 'following' | 'cut off';

/** What one of several agents does for all. */
export type Office = 'leader' | 'retrieval';

const LOCKS: Readonly<Record<Office, Lock>> = {
  leader: { kind: LOCK_KIND.leader, of: 0 },
  retrieval: { kind: LOCK_KIND.retrieval, of: 0 },
};
/** Who follows asks so often whether the leader is there still. */
const LOOK_MS = 1_000;
/** Somebody anchors by hand at this moment; the leader has time. */
const TURN_WAIT_MS = 60_000;

/**
 * Whether this agent is the one of several on one database that anchors, or does something else for all: it holds a lock of a session of its own, which
 * another gets as soon as that session is gone.
 */
export class Leadership {
  readonly #open: () => Promise<LockSession>;
  readonly #told: (standing: Standing) => void;
  readonly #lock: Lock;
  readonly #stopped = new AbortController();
  readonly #campaign: Promise<void>;
  #session: LockSession | undefined;
  #standing: Standing | undefined;
  #change = new AbortController();

  private constructor(open: () => Promise<LockSession>, told: (standing: Standing) => void, office: Office) {
    this.#open = open;
    this.#told = told;
    this.#lock = LOCKS[office];
    this.#campaign = this.#run();
  }

  /** Begins to ask for it, and goes on until it is stopped, whatever happens to the database; `told` of each change. */
  static start(
    open: () => Promise<LockSession>,
    told: (standing: Standing) => void = () => undefined,
    office: Office = 'leader',
  ): Leadership {
    return new Leadership(open, told, office);
  }

  /** As far as this process knows at this moment. */
  get standing(): Standing {
    return this.#standing ?? 'cut off';
  }

  /** Aborted at the next change of its standing. */
  get change(): AbortSignal {
    return this.#change.signal;
  }

  /**
   * Has work done whenever this agent leads, until the signal; the work is told to stop when it leads no more, and is waited
   * for. As `work`.
   */
  async whileLeading(signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const isOver = (): boolean => signal.aborted || this.#stopped.signal.aborted;
    while (!isOver()) {
      const end = AbortSignal.any([signal, this.change, this.#stopped.signal]);
      if (this.standing === 'leading') await work(end);
      await aborted(end);
    }
  }

  /** Anchors as the leader, in turn with whoever does it by hand. IssuerError as `inTurn`; as `work`. */
  async anchoring<T>(work: (assertTurn: AssertTurn) => Promise<T>): Promise<T> {
    const session = this.#session;
    if (session === undefined || !(await session.holds(this.#lock))) {
      throw new IssuerError('ANCHORING_ELSEWHERE', 'Another agent anchors for this issuer.');
    }
    return inTurn(session, TURN_WAIT_MS, work);
  }

  /** Gives it up at once, for another to take it. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#session?.close();
    await this.#campaign;
    // Not told: nothing went wrong, but work that rests on it must end.
    this.#standing = undefined;
    this.#change.abort();
  }

  async #run(): Promise<void> {
    const isStopped = (): boolean => this.#stopped.signal.aborted;
    while (!isStopped()) {
      try {
        this.#session = await this.#open();
        await this.#hold(this.#session);
      } catch {
        // The database is away, and says so elsewhere; whoever cannot ask leads nothing.
      } finally {
        this.#session?.close();
        this.#session = undefined;
      }
      if (isStopped()) break;
      this.#become('cut off');
      await sleep(LOOK_MS, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
    }
  }

  /** Until the session is lost. */
  async #hold(session: LockSession): Promise<void> {
    const end = AbortSignal.any([session.lost, this.#stopped.signal]);
    const isOver = (): boolean => end.aborted;
    let isLeading = false;
    while (!isOver()) {
      // Who has it would get it once more, and have to give it back twice.
      isLeading ||= await session.take(this.#lock);
      if (isOver()) return;
      this.#become(isLeading ? 'leading' : 'following');
      if (isLeading) await aborted(end);
      else await sleep(LOOK_MS, undefined, { signal: end }).catch(() => undefined);
    }
  }

  #become(standing: Standing): void {
    if (this.#standing === standing) return;
    this.#standing = standing;
    const before = this.#change;
    this.#change = new AbortController();
    this.#told(standing);
    before.abort();
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
