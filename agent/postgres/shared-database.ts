import type { ChunkJobs } from '../bulk/chunk-jobs.ts';
import { inTurn, type AssertTurn } from './anchoring-turn.ts';
import type { Connections } from './connections.ts';
import { Leadership, type Office, type Standing } from './leader.ts';
import { LockSession } from './lock-session.ts';
import { PostgresJobs } from './postgres-jobs.ts';

/** What the agents on one database agree on besides the records of their store. */
export class SharedDatabase {
  readonly #connections: Connections;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** Begins to ask to be the one who anchors, or who does something else; see `Leadership`. */
  lead(told: (standing: Standing) => void, office?: Office): Leadership {
    return Leadership.start(this.#openSession, told, office);
  }

  /** Anchors while no other agent does, waiting up to so many milliseconds. Errors as `inTurn`. */
  async anchoring<T>(waitMs: number, work: (assertTurn: AssertTurn) => Promise<T>): Promise<T> {
    const session = await this.#openSession();
    try {
      return await inTurn(session, waitMs, work);
    } finally {
      session.close();
    }
  }

  /** The work of a bulk, shared out. */
  jobsOf(batch: string): ChunkJobs {
    return new PostgresJobs(this.#connections, { openSession: this.#openSession, batch });
  }

  readonly #openSession = async (): Promise<LockSession> => LockSession.open(this.#connections.config);
}
