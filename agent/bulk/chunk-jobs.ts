import type { InputPlace } from './input-lines.ts';

/** A part of the input, in whole lines, as it was cut for all agents. */
export interface PlannedChunk {
  readonly firstLine: number;
  readonly lines: number;
  /** Bytes of the input at which it begins, and behind its end. */
  readonly start: number;
  readonly end: number;
  /** SHA-256 of those bytes: every agent reads a file of its own. */
  readonly digest: Uint8Array;
}

/** One of them that is this agent's to issue. */
export interface ChunkJob extends PlannedChunk {
  /** From 1, in the order of the input. */
  readonly number: number;
  /** Of this agent, among all that ever took part. */
  readonly agent: number;
}

/** How far the input is cut: the lines and bytes before `offset` are. */
export interface Plan extends InputPlace {
  readonly chunks: number;
  readonly isWhole: boolean;
}

/** What is done of all agents: bytes and lines of the input, and cards. */
export interface JobsDone {
  readonly offset: number;
  readonly lines: number;
  readonly cards: number;
}

/**
 * The work of one bulk, shared out among agents: nobody gets a chunk that another living agent has. That none counts twice is
 * not decided here but by the record of the chunk (`chunk-records.ts`): an agent that everybody took for dead may live.
 *
 * Everything throws IssuerError STORE_UNAVAILABLE.
 */
export interface ChunkJobs {
  readonly plan: () => Promise<Plan>;
  /** Adds chunks behind those that are there; nothing happens if somebody else was faster. */
  readonly extend: (after: Plan, chunks: readonly PlannedChunk[], isWhole: boolean) => Promise<void>;
  /** A chunk that nobody has, or whose agent is gone; whether there will be any otherwise. */
  readonly take: () => Promise<ChunkJob | 'busy' | 'over'>;
  /** A chunk counts. */
  readonly settle: (number: number, cards: number) => Promise<void>;
  /** Gives a chunk up for others to take, if they can be told. */
  readonly release: (job: ChunkJob) => Promise<void>;
  readonly done: () => Promise<JobsDone>;
  /** Runs while no other agent does. */
  readonly alone: <T>(run: () => Promise<T>) => Promise<T>;
  readonly close: () => void;
}
