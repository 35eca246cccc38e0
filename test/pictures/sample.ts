import { didJwkFromKey } from '../../credential/did-jwk.ts';
import { encodeCardUri } from '../../credential/shc-uri.ts';
import { DAY, healthCard, mintCard } from '../support/cards.ts';
import { publishedAs, ruleDigest } from '../support/published-rules.ts';
import { SHIPPED } from '../support/rules.ts';
import { codeOf, opened, registryLog, rulesPublished, venueRegistered } from '../verifier/registry-events.ts';
import { EVENTS, LISTED, NOW } from '../browser/venue.ts';
import { ARENA } from '../browser/wallet/asking-venue.ts';
import type { Knowledge } from '../browser/venue.ts';

/** Whose card, and what is the matter with it. */
export interface Sample {
  readonly given: string;
  readonly family: string;
  readonly birthDate?: string;
  readonly key?: typeof LISTED;
  readonly rid?: string;
  readonly exp?: number;
  /** Days of the doses. */
  readonly doses?: readonly string[];
}

/** The card of somebody who does not exist, vaccinated twice. */
export function sampleCard({
  given,
  family,
  birthDate = '1984-06-19',
  key = LISTED,
  rid = 'rid-1',
  exp,
  doses = ['2021-09-14', '2021-10-12'],
}: Sample): string {
  const { fhirBundle } = healthCard();
  const [patient, dose] = fhirBundle.entry;
  if (patient === undefined || dose === undefined) throw new Error('The sample has a person and a dose.');
  const named = { ...patient.resource, name: [{ family, given: [given] }], birthDate };
  const given2 = doses.map((occurrenceDateTime, at) => ({
    fullUrl: `resource:${at + 1}`,
    resource: { ...dose.resource, occurrenceDateTime },
  }));
  return mintCard(key, {
    nbf: NOW - DAY,
    exp,
    rid,
    fhirBundle: { ...fhirBundle, entry: [{ ...patient, resource: named }, ...given2] },
  });
}

/** The same as the text of its QR code. */
export function sampleCode(sample: Sample): string {
  return encodeCardUri(sampleCard(sample), 'shc');
}

const NEW_YORK = codeOf('US-NY');
const PUBLISHED = SHIPPED.filter((text) => publishedAs(text).jurisdiction === 'US-NY');

/** A venue in a jurisdiction that has published New York's rules, and registered an arena. */
export const NEW_YORKS: Knowledge = {
  logs: registryLog(
    ...EVENTS,
    opened(NEW_YORK),
    venueRegistered({ id: 1, did: didJwkFromKey(ARENA), name: 'Arena of Nowhere' }),
    ...PUBLISHED.map((text) => {
      const { id } = publishedAs(text);
      return rulesPublished({ id, digest: ruleDigest(text), from: NOW - 100 * DAY, jurisdiction: NEW_YORK });
    }),
  ),
  document: { ruleFiles: PUBLISHED },
  block: 21_404_118,
};
