import { MAX_CARD_BYTES } from '../credential/deflate.ts';
import { BundleError } from '../credential/errors.ts';
import { assertIssuable, type FhirBundle } from '../credential/fhir-bundle.ts';
import { readHealthRecord } from '../credential/health-record.ts';
import { namedSubject } from '../credential/subject.ts';
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
  const today = new Date((now + AHEAD_SECONDS) * 1000).toISOString().slice(0, 10);
  const born = namedSubject(bundle)?.birthDate ?? '';
  const { doses, tests } = readHealthRecord(bundle);
  const dates = [...doses, ...tests].map(({ date }) => date);
  // Civil dates compare as text.
  if (born < FIRST_BIRTH_DATE || born > today || dates.some((date) => date < born || date > today)) {
    throw new BundleError(
      'DATE_IMPLAUSIBLE',
      'A date of the bundle lies in the future, or before the birth.',
    );
  }
}

/** Refuses a card that no verifier would read for its size, before a key is used. IssuerError CARD_TOO_LARGE. */
export function assertFits(payload: Uint8Array): void {
  if (payload.length > MAX_CARD_BYTES - VC_ROOM_BYTES) {
    throw new IssuerError('CARD_TOO_LARGE', 'The record is too large for a card; issue it as several.');
  }
}
