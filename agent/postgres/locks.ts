import type { Ask } from './connections.ts';

/** What agents on one database lock; advisory locks are of two numbers, the first of which says that they are ours. */
const LOCKS = { migration: 1, beginning: 2 } as const;
type LockName = keyof typeof LOCKS;

const OURS = 0x50_72_61_74;
/** Of the folders of agents, by a number each. */
const AGENTS = 0x50_72_61_75;

/** Takes a lock until the transaction ends. */
export async function lockTransaction(ask: Ask, name: LockName): Promise<void> {
  await ask('SELECT pg_advisory_xact_lock($1, $2)', [OURS, LOCKS[name]]);
}

/** Takes a lock until the session ends, if nobody else has it; false otherwise. */
export async function tryLock(ask: Ask, name: LockName): Promise<boolean> {
  return tried(ask, [OURS, LOCKS[name]]);
}

/** The same of the folder of an agent, which one process has open at a time. */
export async function tryAgentLock(ask: Ask, agent: string): Promise<boolean> {
  return tried(ask, [AGENTS, Buffer.from(agent, 'base64url').readInt32BE(0)]);
}

async function tried(ask: Ask, numbers: readonly [number, number]): Promise<boolean> {
  const { rows } = await ask<{ locked: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS locked', numbers);
  return rows[0]?.locked === true;
}
