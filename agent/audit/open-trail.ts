import type { KeyObject } from 'node:crypto';
import { auditBroken } from './audit-broken.ts';
import {
  CARDS_PREFIX,
  digestOf,
  LOG_START,
  readRecord,
  recordKey,
  REVOCATIONS_PREFIX,
  type LogHead,
  type LogPlace,
} from './audit-record.ts';
import { AuditTrail } from './audit-trail.ts';
import { AuditWitness, readWitness, type WitnessReading } from './audit-witness.ts';
import { authentic } from './authenticated.ts';
import { HEAD_KEY, isFleeting, isWrittenOnce, LogState, sealKey } from './log-state.ts';
import { personKeysOf } from './person-index.ts';
import type { RawStore } from '../raw-store.ts';
import { RowSum, sumSecret } from './row-sum.ts';

/** Some records hold the cards of thousands. */
const READ_TOGETHER = 64;

/**
 * Opens the log of a store, once all that can be checked in a moment is as it must be: the seals, the records since the
 * last of them and what they say was written, the records that are written over again and again, the revocations, and
 * that nothing is missing which the witness has seen. What lies in sealed segments is held against the store by
 * `examineLog`, before anything rests on it.
 *
 * IssuerError AUDIT_BROKEN.
 */
export async function openTrail(raw: RawStore, key: KeyObject, witnessPath: string): Promise<AuditTrail> {
  const head = authentic(key, 'head', await raw.get(HEAD_KEY))?.body;
  if (head === undefined) throw auditBroken('the head of the log is missing, or was changed');
  const witness = await readWitness(witnessPath, key);
  if (witness === undefined) throw auditBroken('the witness of the log is missing, or was changed');
  assertNotBehind(head, witness);
  const state = await lastSealed(raw, key, head);
  const written = await readTail(raw, state, head, witness.place);
  for (const [name, digest] of state.current) written.set(name, digest);
  await assertHeld(raw, written);
  await assertRevocations(raw, key, state);
  return new AuditTrail(key, state, await AuditWitness.begin(witnessPath, key, state.place));
}

/** Begins the witness of a log whose last witness is lost, or was never there. IssuerError AUDIT_BROKEN. */
export async function beginWitness(raw: RawStore, key: KeyObject, path: string): Promise<void> {
  const head = authentic(key, 'head', await raw.get(HEAD_KEY))?.body;
  if (head === undefined) throw auditBroken('the head of the log is missing, or was changed');
  await (await AuditWitness.begin(path, key, head)).close();
}

/**
 * The database may be ahead of the witness by what was never acknowledged, and is so if a crash tore the last place: the
 * batch is on disk before its place is written.
 */
function assertNotBehind(head: LogHead, { place, torn }: WitnessReading): void {
  if (place.n > head.n || (torn && place.n === head.n)) {
    throw auditBroken(`the log ends with record ${head.n}, and the witness has seen more`);
  }
}

async function lastSealed(raw: RawStore, key: KeyObject, { seals }: LogHead): Promise<LogState> {
  let state = new LogState(sumSecret(key));
  for await (const rows of raw.pages(sealKey(0), sealKey(seals))) {
    for (const [name, bytes] of rows) {
      const seal = authentic(key, 'seal', bytes);
      const { seals: segment, first, sealMac } = state;
      const follows =
        name === sealKey(segment) &&
        seal?.body.segment === segment &&
        seal.body.first === first &&
        seal.body.prev === sealMac;
      if (!follows) throw auditBroken(`the seal of segment ${segment} is missing, or was changed`);
      state = LogState.after(sumSecret(key), seal.body, seal.mac);
    }
  }
  if (state.seals !== seals) throw auditBroken(`the seal of segment ${state.seals} is missing`);
  return state;
}

/** Takes the records since the last seal in; the answer is what they say of records that are written once. */
async function readTail(
  raw: RawStore,
  state: LogState,
  head: LogHead,
  witnessed: LogPlace,
): Promise<Map<string, string | null>> {
  const written = new Map<string, string | null>();
  let seen = witnessed.n === 0 ? LOG_START.hash : undefined;
  if (witnessed.n > 0 && witnessed.n < state.first) {
    const bytes = await raw.get(recordKey(witnessed.n));
    seen = bytes === undefined ? undefined : readRecord(witnessed.n, bytes)?.hash;
  }
  for await (const rows of raw.pages(recordKey(state.first), recordKey(Number.MAX_SAFE_INTEGER))) {
    for (const [name, bytes] of rows) {
      const n = state.place.n + 1;
      const read = name === recordKey(n) ? readRecord(n, bytes) : undefined;
      if (read === undefined) throw auditBroken(`record ${n} of the log is missing, or was changed`);
      if (read.record.prev !== state.place.hash) throw auditBroken(`record ${n - 1} of the log was changed`);
      if (n === witnessed.n) seen = read.hash;
      for (const [each, digest] of read.record.writes) {
        if (isWrittenOnce(each) || isFleeting(each)) written.set(each, digest);
      }
      state.take(read.record, { n, hash: read.hash });
    }
  }
  const { n, hash } = state.place;
  if (n !== head.n) throw auditBroken(`the log ends with record ${n}, and its head is record ${head.n}`);
  if (hash !== head.hash) throw auditBroken(`record ${n} of the log was changed`);
  if (seen !== witnessed.hash)
    throw auditBroken(`record ${witnessed.n} of the log is not the one that was witnessed`);
  return written;
}

async function assertHeld(raw: RawStore, written: ReadonlyMap<string, string | null>): Promise<void> {
  const all = [...written];
  for (let at = 0; at < all.length; at += READ_TOGETHER) {
    const some = all.slice(at, at + READ_TOGETHER);
    const held = await raw.getMany(some.map(([name]) => name));
    const persons: string[] = [];
    for (const [place, [name, digest]] of some.entries()) {
      const bytes = held[place];
      if ((bytes === undefined ? null : digestOf(bytes)) !== digest)
        throw auditBroken(`${name} is not as it was written`);
      if (bytes !== undefined && name.startsWith(CARDS_PREFIX)) persons.push(...personKeysOf(name, bytes));
    }
    const indexed = await raw.getMany(persons);
    if (indexed.includes(undefined)) throw auditBroken('the index of persons has lost a card');
  }
}

async function assertRevocations(raw: RawStore, key: KeyObject, state: LogState): Promise<void> {
  const [sum, secret] = [new RowSum(), sumSecret(key)];
  for await (const rows of raw.pages(REVOCATIONS_PREFIX, `${REVOCATIONS_PREFIX}\uffff`)) {
    for (const [name, bytes] of rows) sum.add(secret, name, digestOf(bytes));
  }
  if (sum.toString() !== state.revocations.toString()) throw auditBroken('a revocation was lost or changed');
}
