import type { FhirBundle } from '../../credential/fhir-bundle.ts';
import { isJsonArray, isJsonObject } from '../../credential/json.ts';
import { IssuerError } from '../issuer-error.ts';
import type { Operation, Table } from '../issuer-store.ts';
import type { ServiceStore } from '../service/service-store.ts';
import { isPerson, patientOf } from './candidate.ts';
import type { Candidate, PatientRecord, RecordSource } from './record-source.ts';

/** Where a person's record is, what it was made of, and which loading wrote it. */
interface RecordPlace {
  readonly key: string;
  readonly digest: string;
  readonly load: string;
}

/** What a record is to the table. */
export type Standing = 'taken' | 'changed' | 'unchanged' | 'duplicate' | 'withdrawn' | 'repeated';

const SOURCE_NAME = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/;
const BATCH = 500;
/** No tag. */
const WITHDRAWN = '';

/**
 * Records loaded from files, sealed at rest: keyed by tags of birth date and identifier, which say nothing without the
 * issuer's data key.
 */
export class RecordTable {
  readonly #store: ServiceStore;
  readonly #records: Table<Uint8Array>;
  readonly #places: Table<RecordPlace>;

  constructor(store: ServiceStore) {
    this.#store = store;
    this.#records = store.table('records');
    this.#places = store.table('record-places');
  }

  /**
   * The records loaded under a name, as a source. A patient's id is the value of the identifier under that system, or of
   * one without a system, or the id of a record that has no identifier. IssuerError SOURCE_INVALID.
   */
  source(name: string, { identifierSystem = '' }: { readonly identifierSystem?: string } = {}): RecordSource {
    assertSourceName(name);
    return {
      name,
      find: async (query, signal) => {
        const found: Candidate[] = [];
        const bornThen = `${name}/${this.#tag('birth-date', query.birthDate)}/`;
        for await (const [key, sealed] of this.#records.entries(bornThen)) {
          signal.throwIfAborted();
          const plain = this.#store.box.open('records', key, sealed).toString('utf8');
          const candidate = JSON.parse(plain) as Candidate;
          if (isPerson(patientOf(candidate.bundle), query)) found.push(candidate);
        }
        return found;
      },
      byId: async (id, signal) => {
        const said = [JSON.stringify([identifierSystem, id]), ...(identifierSystem === '' ? [id] : [])];
        const found = await Promise.all(said.map(async (identifier) => this.#recordOf(name, identifier)));
        signal.throwIfAborted();
        const [record, second] = found.filter((one) => one !== undefined);
        if (second !== undefined) {
          throw new IssuerError('PATIENT_AMBIGUOUS', 'A source of records knows two persons by one id.');
        }
        return record;
      },
    };
  }

  async #recordOf(name: string, identifier: string): Promise<PatientRecord | undefined> {
    const place = await this.#places.get(`${name}/${this.#tag('identifier', identifier)}`);
    const sealed = place === undefined ? undefined : await this.#records.get(place.key);
    if (place === undefined || sealed === undefined) return undefined;
    const plain = this.#store.box.open('records', place.key, sealed).toString('utf8');
    const { bundle } = JSON.parse(plain) as Candidate;
    return { bundle, origins: bundle.entry.map(() => ({})) };
  }

  /**
   * Puts what is kept of a bundle in its place, or finds that it is there. `pending` are places that are decided and not yet written.
   *
   * IssuerError RECORDS_INVALID if the Patient has no identifier, without which nobody could tell a changed record from
   * another person's.
   */
  async place(
    bundle: FhirBundle,
    candidate: Candidate,
    { load, pending }: { readonly load: string; readonly pending: Map<string, RecordPlace> },
  ): Promise<{ readonly standing: Standing; readonly operations: readonly Operation[] }> {
    const name = candidate.source;
    const patient = patientOf(bundle);
    const identifier = identifierOf(patient);
    if (identifier === undefined) throw new IssuerError('RECORDS_INVALID', 'A record has no identifier.');
    const id = `${name}/${this.#tag('identifier', identifier)}`;
    const known = pending.get(id) ?? (await this.#places.get(id));
    const plain = JSON.stringify(candidate);
    const bornThen = this.#tag('birth-date', String(patient['birthDate']));
    const place: RecordPlace = {
      key: `${name}/${bornThen}/${this.#tag('identifier', identifier)}`,
      digest: this.#tag('content', plain),
      load,
    };
    if (known?.load === load) return this.#again(id, { known, place, pending });
    pending.set(id, place);
    const seen = this.#places.put(id, place);
    if (known?.digest === place.digest && known.key === place.key)
      return { standing: 'unchanged', operations: [seen] };
    const sealed = this.#store.box.seal('records', place.key, Buffer.from(plain));
    return {
      // Whom an earlier loading withdrew, nobody could find until now.
      standing: known === undefined || known.digest === WITHDRAWN ? 'taken' : 'changed',
      operations: [
        ...(known === undefined || known.key === place.key ? [] : [this.#records.del(known.key)]),
        this.#records.put(place.key, sealed),
        seen,
      ],
    };
  }

  /** The same record twice in a file does no harm; of two that differ neither can be believed, and the first goes again. */
  #again(
    id: string,
    { known, place, pending }: { known: RecordPlace; place: RecordPlace; pending: Map<string, RecordPlace> },
  ): { readonly standing: Standing; readonly operations: readonly Operation[] } {
    if (known.digest === WITHDRAWN) return { standing: 'repeated', operations: [] };
    if (known.digest === place.digest && known.key === place.key)
      return { standing: 'duplicate', operations: [] };
    const withdrawn = { ...known, digest: WITHDRAWN };
    pending.set(id, withdrawn);
    return {
      standing: 'withdrawn',
      operations: [this.#records.del(known.key), this.#places.put(id, withdrawn)],
    };
  }

  /** How many persons are loaded under each name, in the order of the names. */
  async list(): Promise<readonly { readonly source: string; readonly persons: number }[]> {
    const counts = new Map<string, number>();
    for await (const [id, { digest }] of this.#places.entries()) {
      const source = id.slice(0, id.lastIndexOf('/'));
      counts.set(source, (counts.get(source) ?? 0) + (digest === WITHDRAWN ? 0 : 1));
    }
    return [...counts].map(([source, persons]) => ({ source, persons }));
  }

  /** Removes all records loaded under a name; the answer is how many persons those were. */
  async drop(name: string): Promise<number> {
    assertSourceName(name);
    let [persons, operations] = [0, [] as Operation[]];
    for await (const [id, { key }] of this.#places.entries(`${name}/`)) {
      persons++;
      operations.push(this.#places.del(id), this.#records.del(key));
      if (operations.length < BATCH) continue;
      await this.#store.commit(operations);
      operations = [];
    }
    await this.#store.commit(operations, new Map(), [{ kind: 'records-dropped', source: name, persons }]);
    await this.#store.compact();
    return persons;
  }

  #tag(kind: string, text: string): string {
    return this.#store.box.tag('person', `records|${kind}|${text}`);
  }
}

/** The name of a source is shown, and part of keys. IssuerError SOURCE_INVALID. */
export function assertSourceName(name: string): void {
  if (!SOURCE_NAME.test(name)) {
    throw new IssuerError(
      'SOURCE_INVALID',
      'The name of a source is up to 64 letters, digits, spaces, dots and dashes.',
    );
  }
}

/** What tells a person of a registry from all others of it: the first identifier, else the id; undefined of neither. */
export function identifierOf(patient: Readonly<Record<string, unknown>>): string | undefined {
  const identifiers = isJsonArray(patient['identifier']) ? patient['identifier'] : [];
  for (const one of identifiers) {
    if (isJsonObject(one) && typeof one['value'] === 'string' && one['value'] !== '') {
      return JSON.stringify([one['system'] ?? '', one['value']]);
    }
  }
  return typeof patient['id'] === 'string' && patient['id'] !== '' ? patient['id'] : undefined;
}
