import type { KeyObject } from 'node:crypto';
import type { LogPlace } from './audit-record.ts';
import type { WitnessReading } from './audit-witness.ts';
import { examineChain } from './examine-chain.ts';
import { EffectCheck } from './examine-effects.ts';
import { Findings, type Finding } from './finding.ts';
import type { RawStore } from '../raw-store.ts';

/** What an examination came to. */
export interface Examination {
  readonly place: LogPlace;
  readonly seals: number;
  /** Records that say that the store was restored from a backup. */
  readonly restores: readonly number[];
  /** The first of them first. */
  readonly findings: readonly Finding[];
  /** Whether there are more findings than these. */
  readonly more: boolean;
}

/**
 * Reads a whole log and holds the whole store against it. A store is held against a sound log only: of a log with a hole
 * nobody can say what it told.
 */
export async function examineLog(where: {
  readonly raw: RawStore;
  readonly key: KeyObject;
  readonly witness?: WitnessReading | 'none';
}): Promise<Examination> {
  const [findings, effects] = [new Findings(), new EffectCheck()];
  const restores: number[] = [];
  const { place, seals } = await examineChain(where, findings, (record) => {
    effects.wrote(record);
    if (record.entries.some(({ kind }) => kind === 'store-restored')) restores.push(record.n);
  });
  if (findings.none) await effects.compare(where.raw, findings);
  return { place, seals, restores, findings: findings.all, more: findings.more };
}
