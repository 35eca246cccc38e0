import type { KeyObject } from 'node:crypto';
import type { RawStore } from '../raw-store.ts';
import { auditBroken } from './audit-broken.ts';
import { readRecord, recordKey } from './audit-record.ts';
import { authentic } from './authenticated.ts';
import { HEAD_KEY, sealKey, type LogState } from './log-state.ts';

/** What others have written to a log: where it stands by now, and the digest of each record of the store, the newest of each. */
export interface Followed {
  readonly state: LogState;
  readonly writes: ReadonlyMap<string, string | null>;
}

/**
 * Reads on from where a log was left; undefined if nothing was written since.
 *
 * IssuerError AUDIT_BROKEN if what follows is not what follows, or something is gone that was there: a database that was
 * set back to an older state, say.
 */
export async function followLog(
  raw: RawStore,
  key: KeyObject,
  before: LogState,
): Promise<Followed | undefined> {
  const { place } = before;
  const stored = await raw.get(HEAD_KEY);
  if (stored === undefined && place.n === 0) return undefined;
  const head = authentic(key, 'head', stored)?.body;
  if (head === undefined) throw auditBroken('the head of the log is missing, or was changed');
  if (head.n === place.n && head.hash === place.hash) return undefined;
  if (head.n <= place.n)
    throw auditBroken(`the log ends with record ${head.n}, and this process has seen more`);
  const state = before.copy();
  const writes = new Map<string, string | null>();
  for await (const rows of raw.pages(recordKey(place.n + 1), recordKey(head.n + 1))) {
    for (const [name, bytes] of rows) {
      const n = state.place.n + 1;
      const read = name === recordKey(n) ? readRecord(n, bytes) : undefined;
      if (read === undefined || read.record.prev !== state.place.hash)
        throw auditBroken(`record ${n} of the log is missing, or was changed`);
      const isSealed = state.isFullWith(1, read.record.writes.length);
      for (const [each, digest] of read.record.writes) writes.set(each, digest);
      state.take(read.record, { n, hash: read.hash });
      if (isSealed) await passSeal(raw, key, state);
    }
  }
  const { n, hash } = state.place;
  if (n !== head.n || hash !== head.hash || state.seals !== head.seals)
    throw auditBroken(`the log ends with record ${n}, and its head is record ${head.n}`);
  return { state, writes };
}

async function passSeal(raw: RawStore, key: KeyObject, state: LogState): Promise<void> {
  const seal = authentic(key, 'seal', await raw.get(sealKey(state.seals)));
  if (seal === undefined || JSON.stringify(seal.body) !== JSON.stringify(state.seal()))
    throw auditBroken(`the seal of segment ${state.seals} is missing, or was changed`);
  state.sealWith(seal.mac);
}
