import { randomBytes } from 'node:crypto';
import {
  CARDS_PREFIX,
  digestOf,
  isWitnessed,
  PERSONS_PREFIX,
  readRecord,
  recordKey,
  type AuditRecord,
} from './audit-record.ts';
import type { Findings } from './finding.ts';
import { isFleeting, isWrittenOnce } from './log-state.ts';
import { personKeysOf } from './person-index.ts';
import type { RawStore } from '../raw-store.ts';
import { bucketOf, BucketSums } from './row-sum.ts';

/** The newest that the log says of a record of the store, and in which of its own records. */
interface Told {
  readonly digest: string | null;
  readonly n: number;
}

/** Every table but those of the log. */
const RANGES = [
  ['', 'audit'],
  ['audiu', '\uffff'],
] as const;

/**
 * Holds a store against what its log says was written: nothing of that may be missing or differ, and nothing else may be
 * there. Memory does not grow with the store: millions of rows are summed up on both sides, and looked at one by one only
 * where the sums differ.
 */
export class EffectCheck {
  readonly #secret = randomBytes(32).toString('base64url');
  readonly #rows = new BucketSums();
  readonly #persons = new BucketSums();
  readonly #current = new Map<string, Told>();

  /** Takes in what a record says. */
  wrote({ n, writes }: AuditRecord): void {
    for (const [key, digest] of writes) {
      if (isFleeting(key)) continue;
      if (!isWrittenOnce(key)) this.#current.set(key, { digest, n });
      // One that was deleted is not there to be taken away again; its bucket differs and is looked at.
      else this.#rows.count(this.#secret, key, digest ?? '', 1);
    }
  }

  /** Holds the store against it. */
  async compare(raw: RawStore, findings: Findings): Promise<void> {
    const held = new Set<string>();
    for await (const [key, bytes] of rowsOf(raw, RANGES)) {
      if (isFleeting(key)) continue;
      if (key.startsWith(PERSONS_PREFIX)) this.#persons.count(this.#secret, key, '', -1);
      else if (isWrittenOnce(key)) this.#takeAway(key, bytes);
      else {
        const told = this.#current.get(key);
        held.add(key);
        compareOne(key, told, digestOf(bytes), findings);
      }
    }
    for (const [key, told] of this.#current) if (!held.has(key)) compareOne(key, told, null, findings);
    await this.#lookCloser(raw, findings);
  }

  #takeAway(key: string, bytes: Uint8Array): void {
    this.#rows.count(this.#secret, key, digestOf(bytes), -1);
    for (const person of personsOf(key, bytes)) this.#persons.count(this.#secret, person, '', 1);
  }

  async #lookCloser(raw: RawStore, findings: Findings): Promise<void> {
    const [rows, persons] = [this.#rows.differing(), this.#persons.differing()];
    if (rows.size > 0) await compareRows(raw, rows, findings);
    if (persons.size > 0) await comparePersons(raw, persons, findings);
  }
}

async function compareRows(raw: RawStore, buckets: ReadonlySet<number>, findings: Findings): Promise<void> {
  const told = new Map<string, Told>();
  for await (const [name, bytes] of rowsOf(raw, [[recordKey(1), recordKey(Number.MAX_SAFE_INTEGER)]])) {
    const { n, writes } = readRecord(Number(name.slice(name.indexOf('!') + 1)), bytes)?.record ?? {
      n: 0,
      writes: [],
    };
    for (const [key, digest] of writes) {
      if (isWrittenOnce(key) && buckets.has(bucketOf(key))) told.set(key, { digest, n });
    }
  }
  for await (const [key, bytes] of rowsOf(raw, RANGES)) {
    if (!isWitnessed(key) || !isWrittenOnce(key) || !buckets.has(bucketOf(key))) continue;
    compareOne(key, told.get(key), digestOf(bytes), findings);
    told.delete(key);
  }
  for (const [key, each] of told) compareOne(key, each, null, findings);
}

/** Said by the card and never by the tag, which is a person's. */
async function comparePersons(
  raw: RawStore,
  buckets: ReadonlySet<number>,
  findings: Findings,
): Promise<void> {
  const wanted = new Set<string>();
  for await (const [key, bytes] of rowsOf(raw, [[CARDS_PREFIX, `${CARDS_PREFIX}\uffff`]])) {
    for (const person of personsOf(key, bytes)) if (buckets.has(bucketOf(person))) wanted.add(person);
  }
  const told = (code: 'EFFECT_MISSING' | 'EFFECT_SURPLUS', person: string): void =>
    findings.add({ code, key: `${PERSONS_PREFIX}….${person.slice(person.indexOf('.') + 1)}` });
  for await (const [key] of rowsOf(raw, [[PERSONS_PREFIX, `${PERSONS_PREFIX}\uffff`]])) {
    if (buckets.has(bucketOf(key)) && !wanted.delete(key)) told('EFFECT_SURPLUS', key);
  }
  for (const key of wanted) told('EFFECT_MISSING', key);
}

function compareOne(key: string, told: Told | undefined, digest: string | null, findings: Findings): void {
  if ((told?.digest ?? null) === digest) return;
  if (typeof told?.digest !== 'string') findings.add({ code: 'EFFECT_SURPLUS', key });
  else findings.add({ code: digest === null ? 'EFFECT_MISSING' : 'EFFECT_CHANGED', at: told.n, key });
}

/** None of a card that cannot be read, which is told as changed. */
function personsOf(key: string, bytes: Uint8Array): readonly string[] {
  if (!key.startsWith(CARDS_PREFIX)) return [];
  try {
    return personKeysOf(key, bytes);
  } catch {
    return [];
  }
}

async function* rowsOf(
  raw: RawStore,
  ranges: readonly (readonly [from: string, before: string])[],
): AsyncGenerator<readonly [string, Uint8Array]> {
  for (const [from, before] of ranges) for await (const rows of raw.pages(from, before)) yield* rows;
}
