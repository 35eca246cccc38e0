import { isCalendarDate } from './date-time.ts';
import type { FhirBundle } from './fhir-bundle.ts';
import { isJsonArray, isJsonObject } from './json.ts';

/** What staff compare with an ID document; both as the issuer wrote them, so escape before you show them. */
export interface Subject {
  readonly name: string;
  /** YYYY-MM-DD, or shorter where the issuer knew less; null if there is none. */
  readonly birthDate: string | null;
}

const PARTIAL_DATE = /^\d{4}(?:-(?:0[1-9]|1[0-2]))?$/;

/**
 * The one named person that a bundle is about; undefined unless it holds exactly one Patient and that has a name.
 *
 * Two Patients are two people: to show either would let one pass with the other's record. Nothing is thrown for odd
 * shapes, since the bundle is only known to be JSON.
 */
export function namedSubject(bundle: FhirBundle): Subject | undefined {
  let patient: Record<string, unknown> | undefined;
  for (const { resource } of bundle.entry) {
    if (resource.resourceType !== 'Patient') continue;
    if (patient !== undefined) return undefined;
    patient = resource;
  }
  const name = patient && humanName(patient['name']);
  if (patient === undefined || name === undefined) return undefined;
  return { name, birthDate: fhirDate(patient['birthDate']) };
}

/** Scripts whose names are written family first; names from elsewhere stand in katakana. */
const FAMILY_FIRST = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}]+$/u;

/** Composes "Given … Family" from the parts that are there, 林 怡君 as it is read; undefined if none is. */
export function composeName(given: unknown, family: unknown): string | undefined {
  const first = (isJsonArray(given) ? given : []).map(word).filter((part) => part !== '');
  const last = word(family);
  const isFamilyFirst = [...first, last].every((part) => FAMILY_FIRST.test(part));
  const parts = (isFamilyFirst ? [last, ...first] : [...first, last]).filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts.join(' ');
}

/** FHIR R4 HumanName: the official name, else the first, of those that say anything; its parts before its text. */
function humanName(names: unknown): string | undefined {
  const known: { readonly official: boolean; readonly name: string }[] = [];
  for (const entry of isJsonArray(names) ? names : []) {
    if (!isJsonObject(entry)) continue;
    const name = composeName(entry['given'], entry['family']) ?? word(entry['text']);
    if (name !== '') known.push({ official: entry['use'] === 'official', name });
  }
  return (known.find(({ official }) => official) ?? known[0])?.name;
}

/** A name of nothing but hidden characters is none: nobody could compare it with an ID. */
const SEEN = /[^\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{White_Space}\u2800]/u;

/** True of text that shows something. */
export function isWord(value: unknown): value is string {
  return typeof value === 'string' && SEEN.test(value);
}

function word(value: unknown): string {
  return isWord(value) ? value.trim() : '';
}

function fhirDate(value: unknown): string | null {
  return typeof value === 'string' && (isCalendarDate(value) || PARTIAL_DATE.test(value)) ? value : null;
}
