import { isDeepStrictEqual } from 'node:util';
import {
  minimiseBundle,
  parseBundle,
  type FhirBundle,
  type FhirResource,
} from '../../credential/fhir-bundle.ts';
import { readHealthRecord } from '../../credential/health-record.ts';
import type { CountingPolicy } from '../issuance-policy.ts';
import type { ProductName } from '../products.ts';
import { qualify } from '../qualification.ts';
import type { EntryOrigin, PatientRecord } from '../records/record-source.ts';
import { lastMomentOf, momentOf, type CardsAsked } from './fhir-parameters.ts';
import { HEALTH_CARDS, isInValueSet, isOfType, type CardResource } from './health-card-kinds.ts';

/** A card that a record qualifies for, and that was asked for. */
export interface PatientCard {
  readonly product: ProductName;
  /** Of each entry that the card will hold, in order. */
  readonly origins: readonly EntryOrigin[];
}

/** The products that types ask for, which are asked for together: no card is of both kinds. */
export function productsOf({ types }: CardsAsked, policy: CountingPolicy): readonly ProductName[] {
  return HEALTH_CARDS.filter(({ holds }) => types.every((type) => isOfType(holds, type, policy.name))).map(
    ({ product }) => product,
  );
}

/** The card of a product from a patient's record as it would be at a moment (Unix seconds); undefined if there is none. */
export function patientCard(
  product: ProductName,
  { bundle, origins }: PatientRecord,
  asked: CardsAsked,
  { policy, now }: { readonly policy: CountingPolicy; readonly now: number },
): PatientCard | undefined {
  const whole = minimiseBundle(parseBundle(bundle));
  const qualified = qualify(whole, product, policy, Math.floor(now));
  if (qualified.kind === 'refused') return undefined;
  const entries = originsIn(whole, qualified.part(), origins);
  const holds: CardResource = product === 'vaccination-plus' ? 'Immunization' : 'Observation';
  const facts = entries.filter(({ resource }) => resource.resourceType === holds);
  const counted = {
    about: policy.name,
    isCounted: (resource: FhirResource) => isCounted(resource, whole, policy),
  };
  const inSets = asked.valueSets.every((url) =>
    facts.some(({ resource }) => isInValueSet(resource, url, counted) === true),
  );
  const isNew = facts.some((fact) => isSince(fact, asked.since, policy));
  return inSets && isNew ? { product, origins: entries.map(({ origin }) => origin) } : undefined;
}

interface Traced {
  readonly resource: FhirResource;
  readonly origin: EntryOrigin;
}

/** The entries of a part of a record, each with where it came from. */
function originsIn(whole: FhirBundle, part: FhirBundle, origins: readonly EntryOrigin[]): readonly Traced[] {
  const used = new Set<number>();
  return part.entry.map(({ resource }) => {
    const at = whole.entry.findIndex(
      (entry, place) =>
        !used.has(place) &&
        (resource.resourceType === 'Patient'
          ? entry.resource.resourceType === 'Patient'
          : isDeepStrictEqual(entry.resource, resource)),
    );
    used.add(at);
    return { resource, origin: origins[at] ?? {} };
  });
}

/** New is what was changed since, and what happened since; what says neither may be. */
function isSince({ resource, origin }: Traced, since: string | undefined, { zone }: CountingPolicy): boolean {
  if (since === undefined) return true;
  const from = momentOf(since, zone);
  const happened = lastMomentOf(resource['occurrenceDateTime'] ?? resource['effectiveDateTime'], zone);
  const known = [origin.changed, happened].filter((moment) => moment !== undefined);
  return known.length === 0 || known.some((moment) => moment >= from);
}

/** Whether the issuer's value set has the vaccine or the test. */
function isCounted(resource: FhirResource, whole: FhirBundle, { zone, codebook }: CountingPolicy): boolean {
  const patients = whole.entry.filter((entry) => entry.resource.resourceType === 'Patient');
  const alone = minimiseBundle({ ...whole, entry: [...patients, { resource }] });
  const { doses, tests } = readHealthRecord(alone, zone.dateOf);
  return (
    doses.some(({ codes }) => codebook.vaccineOf(codes) !== undefined) ||
    tests.some(({ codes }) => codebook.testKindsOf(codes).length > 0)
  );
}
