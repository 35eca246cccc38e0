import type { KeyObject } from 'node:crypto';
import {
  digestOf,
  readRecord,
  recordKey,
  type AuditRecord,
  type LogHead,
  type LogSeal,
} from './audit-record.ts';
import type { WitnessReading } from './audit-witness.ts';
import { authentic } from './authenticated.ts';
import type { Findings } from './finding.ts';
import { HEAD_KEY, LogState, sealKey } from './log-state.ts';
import type { RawStore } from '../raw-store.ts';
import { sumSecret } from './row-sum.ts';

interface Sealed {
  readonly body: LogSeal;
  readonly mac: string;
}

/**
 * Reads a whole log, record by record, and says whatever was edited, deleted, put elsewhere or cut off: in the records,
 * in the seals, at the head, or behind the back of the witness. The witness is left out for a log that is being written.
 */
export async function examineChain(
  {
    raw,
    key,
    witness,
  }: { readonly raw: RawStore; readonly key: KeyObject; readonly witness?: WitnessReading | 'none' },
  findings: Findings,
  each: (record: AuditRecord) => void,
): Promise<LogState> {
  const head = await readHead(raw, key, findings);
  const state = new LogState(sumSecret(key));
  const links = new Links(findings);
  const witnessed = witness === undefined || witness === 'none' ? undefined : witness.place;
  let seen: string | undefined;
  let seal = await readSeal(raw, key, state, head, findings);
  for await (const rows of raw.pages(recordKey(1), recordKey(Number.MAX_SAFE_INTEGER))) {
    for (const [name, bytes] of rows) {
      const n = numberOf(name);
      if (head !== undefined && n > head.n) {
        findings.add({ code: 'RECORD_SURPLUS', at: n });
        continue;
      }
      const read = readRecord(n, bytes);
      links.follow(n, read?.record.prev, read?.hash);
      const hash = read?.hash ?? digestOf(bytes);
      if (n === witnessed?.n) seen = hash;
      if (read !== undefined) each(read.record);
      state.take(read?.record ?? { writes: [] }, { n, hash });
      if (seal !== undefined && n >= seal.body.last)
        seal = await passSeal(raw, key, { state, seal, head }, findings);
    }
  }
  links.end(head);
  if (head !== undefined && findings.none && state.seals < head.seals) {
    findings.add({ code: 'SEAL_CHANGED', at: state.seals });
  }
  if (head !== undefined && (await raw.get(sealKey(head.seals))) !== undefined) {
    findings.add({ code: 'SEAL_SURPLUS', at: head.seals });
  }
  if (witness === 'none') findings.add({ code: 'WITNESS_MISSING' });
  if (witnessed !== undefined && witness !== 'none') {
    const { n } = state.place;
    if (witnessed.n > n || (witness?.torn === true && witnessed.n === n)) {
      findings.add({ code: 'WITNESS_AHEAD', at: witnessed.n });
    } else if (witnessed.n > 0 && seen !== witnessed.hash) {
      findings.add({ code: 'WITNESS_DIFFERS', at: witnessed.n });
    }
  }
  return state;
}

/** Of two neighbours that do not follow each other, which was changed? One that fits neither side; else the former. */
class Links {
  readonly #findings: Findings;
  #n = 0;
  /** Hash of the last record; undefined if that could not be read. */
  #hash: string | undefined = Buffer.alloc(32).toString('base64url');
  #suspect: number | undefined;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  follow(n: number, prev: string | undefined, hash: string | undefined): void {
    const isNext = n === this.#n + 1;
    if (!isNext) {
      this.#tell();
      this.#findings.add({
        code: 'RECORD_MISSING',
        at: this.#n + 1,
        ...(n - 1 > this.#n + 1 ? { upTo: n - 1 } : {}),
      });
    } else if (prev !== undefined && this.#hash !== undefined) {
      this.#compare(n, prev === this.#hash);
    }
    if (hash === undefined) {
      this.#tell();
      this.#findings.add({ code: 'RECORD_CHANGED', at: n });
    }
    this.#n = n;
    this.#hash = hash;
  }

  end(head: LogHead | undefined): void {
    if (head !== undefined && this.#n < head.n) {
      this.#tell();
      this.#findings.add({
        code: 'RECORD_MISSING',
        at: this.#n + 1,
        ...(head.n > this.#n + 1 ? { upTo: head.n } : {}),
      });
    } else if (head !== undefined && this.#hash !== undefined) {
      this.#compare(this.#n + 1, head.hash === this.#hash);
    }
    this.#tell();
  }

  /** Whether a record says the hash of the one before it. */
  #compare(n: number, fits: boolean): void {
    if (!fits && this.#suspect === n - 2) {
      this.#suspect = undefined;
      this.#findings.add({ code: 'RECORD_CHANGED', at: n - 1 });
      return;
    }
    this.#tell();
    // Before the first record is nothing that could have been changed.
    if (!fits) this.#suspect = Math.max(1, n - 1);
  }

  #tell(): void {
    if (this.#suspect !== undefined) this.#findings.add({ code: 'RECORD_CHANGED', at: this.#suspect });
    this.#suspect = undefined;
  }
}

async function readHead(raw: RawStore, key: KeyObject, findings: Findings): Promise<LogHead | undefined> {
  const stored = await raw.get(HEAD_KEY);
  const head = authentic(key, 'head', stored)?.body;
  if (head === undefined) findings.add({ code: stored === undefined ? 'HEAD_MISSING' : 'HEAD_CHANGED' });
  return head;
}

/** The seal that the segment must end with; none if no further one is sealed. */
async function readSeal(
  raw: RawStore,
  key: KeyObject,
  { seals: segment, first, sealMac }: LogState,
  head: LogHead | undefined,
  findings: Findings,
): Promise<Sealed | undefined> {
  if (head !== undefined && segment >= head.seals) return undefined;
  const stored = await raw.get(sealKey(segment));
  if (stored === undefined) {
    if (head !== undefined) findings.add({ code: 'SEAL_MISSING', at: segment });
    return undefined;
  }
  const seal = authentic(key, 'seal', stored);
  const follows = seal?.body.segment === segment && seal.body.first === first && seal.body.prev === sealMac;
  if (follows) return seal;
  findings.add({ code: 'SEAL_CHANGED', at: segment });
  return undefined;
}

/** Holds a segment against its seal, and goes on to the next. */
async function passSeal(
  raw: RawStore,
  key: KeyObject,
  {
    state,
    seal,
    head,
  }: { readonly state: LogState; readonly seal: Sealed; readonly head: LogHead | undefined },
  findings: Findings,
): Promise<Sealed | undefined> {
  // A record that is missing or changed was told already.
  if (findings.none && JSON.stringify(seal.body) !== JSON.stringify(state.seal())) {
    findings.add({ code: 'SEAL_CHANGED', at: seal.body.segment });
  }
  state.sealWith(seal.mac);
  return readSeal(raw, key, state, head, findings);
}

function numberOf(name: string): number {
  return Number(name.slice(name.indexOf('!') + 1));
}
