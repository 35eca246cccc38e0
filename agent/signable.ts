import type { BundleFindingCode } from '../credential/bundle-finding.ts';
import { lintBundle } from '../credential/bundle-lint.ts';
import { isCalendarDate } from '../credential/date-time.ts';
import { MAX_CARD_BYTES } from '../credential/deflate.ts';
import { isPlaceholder } from '../credential/element-lint.ts';
import { BundleError } from '../credential/errors.ts';
import { assertIssuable, type FhirBundle } from '../credential/fhir-bundle.ts';
import type { PassSubject } from '../credential/health-card.ts';
import { readHealthRecord } from '../credential/health-record.ts';
import { isJsonObject } from '../credential/json.ts';
import { composeName, namedSubject } from '../credential/subject.ts';
import { IssuerError } from './issuer-error.ts';

/** Nobody alive was born before. */
const FIRST_BIRTH_DATE = '1900-01-01';
/** Where the day is furthest ahead of UTC it is tomorrow already. */
const AHEAD_SECONDS = 14 * 3600;
/** What a VC needs besides the claims of the card. */
const VC_ROOM_BYTES = 4096;

/**
 * Holds a minimised bundle to what may be signed: the shape of a card, and dates that can be true. Open portals once
 * issued passes to people born in another century; a date is what a machine can still check.
 *
 * BundleError as `assertIssuable`, DATE_IMPLAUSIBLE. `now` in Unix seconds.
 */
export function assertSignable(bundle: FhirBundle, now: number): void {
  assertIssuable(bundle);
  const { doses, tests } = readHealthRecord(bundle);
  const dates = [...doses, ...tests].map(({ date }) => date);
  assertPlausible(namedSubject(bundle)?.birthDate ?? '', dates, now);
}

/** What of the lint of a card keeps it from being signed although no standard forbids it. */
const PRIVATE: ReadonlySet<BundleFindingCode> = new Set([
  'PATIENT_IDENTIFIER',
  'PATIENT_GENDER',
  'PATIENT_ADDRESS',
  'PATIENT_TELECOM',
]);
/** Dates of what is attested, also of entries that count for nothing, which a card would show all the same. */
const DATED = ['occurrenceDateTime', 'effectiveDateTime'];

/**
 * Holds the very bundle that a Plus will carry to the profiles of cards: no placeholders, nothing about a person that no
 * verifier needs, nothing that breaks a SHALL, no date that cannot be true.
 *
 * BundleError PLACEHOLDER, NOT_MINIMAL, PROFILE_BROKEN, DATE_IMPLAUSIBLE. `now` in Unix seconds.
 */
export function assertLinted(bundle: FhirBundle, now: number): void {
  const findings = lintBundle(bundle);
  if (findings.some(({ code }) => code === 'PLACEHOLDER')) {
    throw new BundleError('PLACEHOLDER', 'The record holds a placeholder where it should say nothing.');
  }
  if (findings.some(({ code }) => PRIVATE.has(code))) {
    throw new BundleError('NOT_MINIMAL', 'The record says more of the person than name and date of birth.');
  }
  if (findings.some(({ level }) => level === 'error')) {
    throw new BundleError('PROFILE_BROKEN', 'The record breaks a rule of the profiles of health cards.');
  }
  const born = namedSubject(bundle)?.birthDate ?? '';
  for (const { resource } of bundle.entry) {
    const { start, end } = isJsonObject(resource['effectivePeriod']) ? resource['effectivePeriod'] : {};
    for (const said of [...DATED.map((name) => resource[name]), start, end]) {
      if (typeof said === 'string') assertPlausible(born, [said.slice(0, 'YYYY-MM-DD'.length)], now);
    }
  }
}

/**
 * Holds the claims of a Pass, wherever they come from, to what can be true of somebody. A birth date that is none is for
 * whoever writes the card to refuse.
 *
 * BundleError PATIENT_UNNAMED, PLACEHOLDER, DATE_IMPLAUSIBLE; IssuerError CREDENTIAL_INVALID if it ends before it begins.
 */
export function assertClaims(
  { name: { family, given }, birthDate, exp }: PassSubject & { readonly exp: number },
  now: number,
): void {
  if (composeName(given, family) === undefined) {
    throw new BundleError('PATIENT_UNNAMED', 'A Pass names a person.');
  }
  if ([family, ...given].some(isPlaceholder)) {
    throw new BundleError('PLACEHOLDER', 'The name is a placeholder.');
  }
  if (isCalendarDate(birthDate)) assertPlausible(birthDate, [], now);
  // Written so that an end that is no number is none.
  if (!(exp > Math.floor(now)))
    throw new IssuerError('CREDENTIAL_INVALID', 'The Pass would have ended by now.');
}

function assertPlausible(born: string, dates: readonly string[], now: number): void {
  const today = new Date((now + AHEAD_SECONDS) * 1000).toISOString().slice(0, 10);
  // Civil dates compare as text.
  if (born < FIRST_BIRTH_DATE || born > today || dates.some((date) => date < born || date > today)) {
    throw new BundleError(
      'DATE_IMPLAUSIBLE',
      'A date lies in the future or before the birth, or the birth lies before 1900.',
    );
  }
}

/** Refuses a card that no verifier would read for its size, before a key is used. IssuerError CARD_TOO_LARGE. */
export function assertFits(payload: Uint8Array): void {
  if (payload.length > MAX_CARD_BYTES - VC_ROOM_BYTES) {
    throw new IssuerError('CARD_TOO_LARGE', 'The record is too large for a card; issue it as several.');
  }
}
