import { resolve } from 'node:path';
import { moment } from '../../../contracts/moment.ts';
import type { ImportNotes } from './import-notes.ts';
import type { Snapshot } from './snapshot.ts';
import { SnapshotError } from './snapshot-error.ts';

/** What the operator allows beyond the rule that snapshots only become newer and keep their signer. */
export interface SnapshotLeave {
  readonly older?: boolean;
  readonly unsigned?: boolean;
  /** Fingerprint of a certificate. */
  readonly newSigner?: string;
}

/** Where the notes lie: one file for each registry and directory. */
export function notesPath({
  notes,
  registry,
}: {
  readonly notes?: string;
  readonly registry: string;
}): string {
  return resolve(notes ?? `.pratique/import/${registry.toLowerCase()}.json`);
}

/** How far the directory's clock may be ahead of ours, in seconds. */
const AHEAD = 600;

/**
 * Hold a snapshot to those that were used before: not older, and signed by the same.
 *
 * @param now Unix seconds
 * @returns whether it is at least as new as they; if not, nothing may be taken for missing by it
 * @throws SnapshotError
 */
export function assertNext(
  { time, signer }: Pick<Snapshot, 'time' | 'signer'>,
  notes: ImportNotes,
  leave: SnapshotLeave,
  now: number,
): boolean {
  if (time > now + AHEAD) {
    const when = `The snapshot says that it was taken at ${moment(time)}, which is still to come.`;
    throw new SnapshotError('SNAPSHOT_FROM_THE_FUTURE', when);
  }
  assertSigner(signer?.fingerprint ?? null, notes.signer, leave);
  const isNext = time > 0 && time >= notes.newest;
  if (isNext || notes.newest === 0 || leave.older === true) return isNext;
  const known = `One of ${moment(notes.newest)} was used before; --older uses this one all the same.`;
  throw time === 0
    ? new SnapshotError('SNAPSHOT_UNDATED', `The snapshot does not say when it was taken. ${known}`)
    : new SnapshotError('SNAPSHOT_OLDER', `The snapshot was taken at ${moment(time)}. ${known}`);
}

/** What is noted after a snapshot was used: times only rise, and a signer stays until another is named. */
export function notesAfter(
  { time, signer }: Pick<Snapshot, 'time' | 'signer'>,
  notes: ImportNotes,
): ImportNotes {
  return {
    ...notes,
    newest: Math.max(time, notes.newest),
    signer: signer?.fingerprint ?? notes.signer,
  };
}

function assertSigner(given: string | null, known: string | null, leave: SnapshotLeave): void {
  const named = leave.newSigner?.replaceAll(':', '').toLowerCase();
  if (named !== undefined && named !== given) {
    throw new SnapshotError(
      'SNAPSHOT_SIGNER_CHANGED',
      `The snapshot is ${given === null ? 'not signed' : `signed with certificate ${given}`}, not with the one that --new-signer names.`,
    );
  }
  if (known === null || given === known || named !== undefined) return;
  if (given !== null) {
    throw new SnapshotError(
      'SNAPSHOT_SIGNER_CHANGED',
      `The snapshot is signed with certificate ${given}, earlier ones with ${known}. ` +
        'If the directory says that this one is its own, name it by --new-signer.',
    );
  }
  if (leave.unsigned !== true) {
    throw new SnapshotError(
      'SNAPSHOT_UNSIGNED',
      'Earlier snapshots were signed, and this one is not held against a signature: ' +
        'give --signature and --certificate, or --unsigned if it is meant to be used all the same.',
    );
  }
}
