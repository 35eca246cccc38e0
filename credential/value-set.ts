import { entries, list, oneOf, record, ShapeError, text, whole } from './strict-reader.ts';
import type { Read } from './strict-reader.ts';

/**
 * The codes and numbers that a jurisdiction counts by: its vaccines and their series, its tests, its windows. They
 * change more often than the rules that use them, so they are a document and a version of their own.
 */
export interface ValueSet {
  readonly format: 'pratique-value-set-1';
  readonly jurisdiction: string;
  readonly id: string;
  /** Semantic version; a change of the first number is one that rules must be rewritten for. */
  readonly version: string;
  /** What it is called, by language. */
  readonly title: ReadonlyMap<string, string>;
  /** Whole numbers by name, such as days and hours. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly vaccines: readonly Vaccine[];
  /** Codes of tests by the name of their kind, each `system|code`. */
  readonly tests: ReadonlyMap<string, readonly string[]>;
}

/** A product, and what its primary series is. */
export interface Vaccine {
  readonly product: string;
  /** `system|code`, the system one of cvx, snomed, icd11, or its URL. */
  readonly codes: readonly string[];
  readonly dosesInSeries: number;
  /** Days that must lie between a dose of it and the one before: sooner, it does not count. */
  readonly daysBetween: number;
}

/** A name that CertLogic can look up: its paths are split at dots, and what begins with a digit is a position. */
export const plainName = text(/^[A-Za-z][A-Za-z0-9-]*$/, 64);
/** As the registry holds codes of jurisdictions and ids of what they publish. */
export const registryCode = text(/^[A-Z0-9-]+$/, 32);
/** Three numbers (Semantic Versioning 2.0.0 without labels). */
export const semanticVersion = text(/^(?:0|[1-9]\d{0,4})\.(?:0|[1-9]\d{0,4})\.(?:0|[1-9]\d{0,4})$/, 17);
/** A sentence by the tag of its language; always in English, which every reader can fall back on. */
export const words: Read<ReadonlyMap<string, string>> = (value) => {
  const read = entries(text(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 35), text(/\S/, 1000))(value);
  if (!read.has('en')) throw new ShapeError('a sentence that is not said in English');
  return read;
};

const code = text(/^[\x21-\x7e]{1,200}\|[\x21-\x7e]{1,64}$/, 265);
const small: Read<number> = (value) => {
  const number = whole(value);
  if (number > 1_000_000) throw new ShapeError('a number that nobody counts to');
  return number;
};
const atLeastOne: Read<number> = (value) => {
  const number = small(value);
  if (number === 0) throw new ShapeError('a series without doses');
  return number;
};

const valueSet = record<ValueSet>({
  format: oneOf('pratique-value-set-1'),
  jurisdiction: registryCode,
  id: registryCode,
  version: semanticVersion,
  title: words,
  numbers: entries(plainName, small),
  vaccines: list(
    record<Vaccine>({
      product: text(/\S/, 100),
      codes: list(code, 1),
      dosesInSeries: atLeastOne,
      daysBetween: small,
    }),
  ),
  tests: entries(plainName, list(code, 1)),
});

/**
 * Reads a value set from its JSON, strictly.
 *
 * @throws ShapeError if it is none
 */
export function readValueSet(json: unknown): ValueSet {
  return valueSet(json);
}

/** A value set made fit for looking codes up. */
export interface Codebook {
  readonly numbers: Readonly<Record<string, number>>;
  readonly vaccineOf: (codes: Readonly<Record<string, readonly string[]>>) => Vaccine | undefined;
  readonly testKinds: readonly string[];
  readonly testKindsOf: (codes: Readonly<Record<string, readonly string[]>>) => readonly string[];
}

/** Indexes a value set by its codes. */
export function codebookOf({ numbers, vaccines, tests }: ValueSet): Codebook {
  const vaccineByCode = indexOf(vaccines.map((vaccine) => [vaccine, vaccine.codes]));
  const kindByCode = indexOf([...tests]);
  return {
    numbers: Object.fromEntries(numbers),
    testKinds: [...tests.keys()],
    // A dose coded as two products counts as the one that asks for more: nobody is fully vaccinated by a contradiction.
    vaccineOf: (codes) =>
      lookUp(vaccineByCode, codes).reduce<Vaccine | undefined>(
        (most, one) => (most === undefined || asksForMore(one, most) ? one : most),
        undefined,
      ),
    testKindsOf: (codes) => [...new Set(lookUp(kindByCode, codes))],
  };
}

/** More doses or, of as many, more days between them. */
function asksForMore(one: Vaccine, other: Vaccine): boolean {
  return one.dosesInSeries === other.dosesInSeries
    ? one.daysBetween > other.daysBetween
    : one.dosesInSeries > other.dosesInSeries;
}

function indexOf<T>(coded: readonly (readonly [T, readonly string[]])[]): ReadonlyMap<string, readonly T[]> {
  const index = new Map<string, T[]>();
  for (const [item, codes] of coded) {
    for (const one of codes) {
      const same = index.get(one);
      if (same === undefined) index.set(one, [item]);
      else same.push(item);
    }
  }
  return index;
}

function lookUp<T>(
  index: ReadonlyMap<string, readonly T[]>,
  codes: Readonly<Record<string, readonly string[]>>,
): readonly T[] {
  const found: T[] = [];
  for (const system in codes) {
    for (const one of codes[system] ?? []) {
      // `other` holds its codes with their system.
      const items = index.get(system === 'other' ? one : `${system}|${one}`);
      if (items !== undefined) found.push(...items);
    }
  }
  return found;
}
