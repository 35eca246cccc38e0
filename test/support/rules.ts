import { createHash } from 'node:crypto';
import type { FhirBundle, FhirResource } from '../../credential/fhir-bundle.ts';
import type { HealthCard } from '../../credential/health-card.ts';
import { shippedRules } from '../../verifier/node/shipped-rules.ts';
import type { Terms } from '../../verifier/pipeline/checks.ts';
import type { Decision } from '../../verifier/pipeline/decision.ts';
import type {
  PublishedRules,
  TrustDocument,
  TrustedJurisdiction,
} from '../../verifier/pipeline/trust-document.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import {
  anchoredTrust,
  decide,
  healthCard,
  JURISDICTION,
  mintCard,
  newKey,
  trustDocument,
  trustedKey,
} from './cards.ts';

export const SHIPPED: readonly string[] = shippedRules().map(({ text }) => text);

/** The key of cards that are held against rules; its window has no end, so that any moment can be asked about. */
export const key = newKey();
const TRUSTED = trustedKey(key, { validFrom: 0, validUntil: 0 });

export const digestOf = (text: string): string => `0x${createHash('sha256').update(text).digest('hex')}`;

/** Unix seconds of an RFC 3339 date and time. */
export const seconds = (dateTime: string): number => Date.parse(dateTime) / 1000;

/** As a jurisdiction publishes a file, in its first version and from the beginning unless told otherwise. */
export function published(text: string, content: Partial<PublishedRules> = {}): PublishedRules {
  const { jurisdiction, id } = JSON.parse(text) as PublishedRules;
  const uri = `https://rules.example/${jurisdiction}/${id}`;
  return { jurisdiction, id, version: 1, validFrom: 0, digest: digestOf(text), uri, ...content };
}

/** Trust data from a chain on which these files are published, each under its own name. */
export function rulesTrust(texts: readonly string[], content: Partial<TrustDocument> = {}): Trust {
  const rules = texts.map((text) => published(text));
  const codes = new Set((content.rules ?? rules).map(({ jurisdiction }) => jurisdiction));
  const others = [...codes].map((code): TrustedJurisdiction => ({ code, name: code, suspended: false }));
  return anchoredTrust(
    trustDocument({
      jurisdictions: [JURISDICTION, ...others],
      keys: [TRUSTED],
      rules,
      ruleFiles: [...texts],
      ...content,
    }),
  );
}

/** What comes with the program, published by its jurisdictions. */
export const shippedTrust = rulesTrust(SHIPPED);

export const PATIENT: FhirResource = {
  resourceType: 'Patient',
  name: [{ family: 'Nobody', given: ['Nora'] }],
  birthDate: '1980-02-29',
};

/** A dose by its CVX code. */
export function dose(code: string, occurrenceDateTime: string, content: object = {}): FhirResource {
  return {
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code }] },
    patient: { reference: 'resource:0' },
    occurrenceDateTime,
    ...content,
  };
}

export const PFIZER = '208';
export const MODERNA = '207';
export const JANSSEN = '212';

const CODES = { pcr: '94500-6', antigen: '94558-4' } as const;
const RESULTS = { negative: '260415000', positive: '260373001', doubtful: '419984006' } as const;

/** A laboratory result by its kind, its meaning and when the sample was taken. */
export function result(
  kind: keyof typeof CODES,
  meaning: keyof typeof RESULTS,
  effectiveDateTime: string,
  content: object = {},
): FhirResource {
  return {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: CODES[kind] }] },
    subject: { reference: 'resource:0' },
    effectiveDateTime,
    valueCodeableConcept: { coding: [{ system: 'http://snomed.info/sct', code: RESULTS[meaning] }] },
    ...content,
  };
}

export function bundleOf(...resources: readonly FhirResource[]): FhirBundle {
  const entry = resources.map((resource, n) => ({ fullUrl: `resource:${n}`, resource }));
  return { resourceType: 'Bundle', type: 'collection', entry };
}

/** What is asked of a record; of shipped rules, at a moment in RFC 3339, unless told otherwise. */
export interface Asked extends Pick<Partial<Terms>, 'policy'> {
  readonly rules: string;
  readonly at: string | number;
  readonly event?: string;
  readonly trust?: Trust;
  readonly card?: Partial<HealthCard>;
}

/** The decision about a card, issued a day before the moment, of these resources behind the patient. */
export async function decideRecord(
  resources: readonly FhirResource[],
  { rules, at: moment, event, trust = shippedTrust, card, policy }: Asked,
): Promise<Decision> {
  const at = typeof moment === 'number' ? moment : seconds(moment);
  const jws = mintCard(
    key,
    healthCard({ nbf: at - 86_400, fhirBundle: bundleOf(PATIENT, ...resources), ...card }),
  );
  return decide(jws, trust, {
    rules,
    at,
    policy,
    ...(event === undefined ? {} : { event: seconds(event) }),
  });
}

/** A decision in a line: the outcome, its codes, and the rule that is not met or the fault. */
export function line({ outcome, codes, rules, unmet }: Decision): string {
  const named = [...unmet.map(({ set, rule }) => rule ?? `${set} takes none`), rules?.fault ?? []].flat();
  return [`${outcome}: ${codes.join(', ')}`, ...named].join('; ');
}

export const MET = 'accepted: VALID';
export const unmet = (rule: string): string => `rejected: RULES_NOT_MET; ${rule}`;
export const unavailable = (fault: string): string => `undetermined: RULES_UNAVAILABLE; ${fault}`;
