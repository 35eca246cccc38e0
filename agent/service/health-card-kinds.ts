import { CVX, ICD11, ICD11_DRAFT, LOINC, SNOMED } from '../../credential/code-system.ts';
import { codings } from '../../credential/fhir-attestation.ts';
import type { FhirResource } from '../../credential/fhir-bundle.ts';
import type { ProductName } from '../products.ts';

/** What a health card of ours is of, in FHIR's words. */
export type CardResource = 'Immunization' | 'Observation';

/** The products that are SMART Health Cards, in the order of an answer, and what their cards hold. */
export const HEALTH_CARDS: readonly { readonly product: ProductName; readonly holds: CardResource }[] = [
  { product: 'vaccination-plus', holds: 'Immunization' },
  { product: 'pcr-plus', holds: 'Observation' },
  { product: 'antigen-plus', holds: 'Observation' },
];

const SHC = 'https://smarthealth.cards';
const BOTH: readonly CardResource[] = ['Immunization', 'Observation'];

/**
 * What each `credentialType` asks for (SMART Health Cards 1.4.0, "$health-cards-issue"; the types with a # are the older
 * ones that it has servers read). Whatever is not here no card of ours has.
 */
const HOLDS_OF_TYPE: ReadonlyMap<string, readonly CardResource[]> = new Map(
  [
    ['#health-card', BOTH],
    ['#covid19', BOTH],
    ['#immunization', ['Immunization']],
    ['#laboratory', ['Observation']],
  ].flatMap(([type, holds]) => [
    [String(type), holds] as [string, readonly CardResource[]],
    [`${SHC}${String(type)}`, holds] as [string, readonly CardResource[]],
  ]),
);

/** The type that says which disease a card is about: all of our products are, if their value set is. */
const COVID_TYPE = /^(?:https:\/\/smarthealth\.cards)?#covid19$/;
/** A resource type by its name, or by the URL of its definition. */
const RESOURCE_TYPE =
  /^(?:http:\/\/hl7\.org\/fhir\/StructureDefinition\/)?(Patient|Immunization|Observation)$/;

/** Whether cards that hold this are of a type; `about` is the name of the value set that the issuer counts by. */
export function isOfType(holds: CardResource, type: string, about: string): boolean {
  const resource = RESOURCE_TYPE.exec(type)?.[1];
  if (resource !== undefined) return resource === holds || resource === 'Patient';
  if (COVID_TYPE.test(type) && !isAboutCovid(about)) return false;
  return HOLDS_OF_TYPE.get(type)?.includes(holds) ?? false;
}

/** The value sets of https://terminology.smarthealth.cards that can be told by a system and a disease. */
const VALUE_SET =
  /^https:\/\/terminology\.smarthealth\.cards\/ValueSet\/(?:immunization-(all|covid)-(all|cvx|snomed|icd11)|(lab-qualitative-test-covid))$/;
const SYSTEMS: Readonly<Record<string, readonly string[]>> = {
  cvx: [CVX],
  snomed: [SNOMED],
  icd11: [ICD11, ICD11_DRAFT],
};

/** How a resource is held against a code book of the issuer's. */
export interface Counted {
  /** Whether the issuer counts a dose or a test, as one of the disease that its value set is about. */
  readonly isCounted: (resource: FhirResource) => boolean;
  /** Name of the value set. */
  readonly about: string;
}

/**
 * Whether a resource of a card has a code of a value set (`Immunization.vaccineCode`, `Observation.code`); undefined of a
 * value set that is not known here.
 */
export function isInValueSet(
  resource: FhirResource,
  url: string,
  { isCounted, about }: Counted,
): boolean | undefined {
  const match = VALUE_SET.exec(url);
  if (match === null) return undefined;
  const [, disease, system = 'all', test] = match;
  const covid = isAboutCovid(about) && isCounted(resource);
  if (test !== undefined) {
    return resource.resourceType === 'Observation' && has(resource['code'], [LOINC]) && covid;
  }
  const isCoded = has(resource['vaccineCode'], SYSTEMS[system]);
  return resource.resourceType === 'Immunization' && isCoded && (disease === 'all' || covid);
}

/** Without systems, any is as good. */
function has(concept: unknown, systems: readonly string[] | undefined): boolean {
  return codings(concept).some(({ system }) => systems === undefined || systems.includes(String(system)));
}

/** JURISDICTION/ID and version. */
function isAboutCovid(name: string): boolean {
  return /\/COVID-19(?:-[A-Z0-9-]+)? /.test(name);
}
