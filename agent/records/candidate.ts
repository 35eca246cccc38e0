import { minimiseBundle, type FhirBundle, type FhirResource } from '../../credential/fhir-bundle.ts';
import { isJsonArray, isJsonObject } from '../../credential/json.ts';
import { nameForm, nameFormsOf } from './person-name.ts';
import type { Candidate, Contact, PersonQuery } from './record-source.ts';

const ZIP = /^(\d{5})(?:[- ]?\d{4})?$/;
const E164 = /^\+[1-9]\d{7,14}$/;
/** The plain form of RFC 5321 §4.1.2: no quotes, no comments, one address. */
const EMAIL =
  /^[\w.!#$%&*+/=?^{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}$/;
/** More ways than these reach nobody better. */
const MAX_CONTACTS = 6;
const MAX_LISTED = 30;
/** Landlines and offices take no text message, or show it to others. */
const NOT_PERSONAL = new Set<unknown>(['old', 'work', 'temp']);

/** The five digits of a ZIP code or ZIP+4; undefined of anything else. */
export function zipOf(text: unknown): string | undefined {
  return typeof text === 'string' ? ZIP.exec(text.trim())?.[1] : undefined;
}

/** Parts a bundle of one Patient into what may stand on a card and what only serves to reach the person. */
export function candidateOf(source: string, bundle: FhirBundle): Candidate {
  const patient = patientOf(bundle);
  const { entry, ...rest } = minimiseBundle(bundle);
  return {
    source,
    bundle: {
      ...rest,
      entry: entry.map(({ resource, ...place }) => ({
        ...place,
        resource: resource.resourceType === 'Patient' ? onCard(resource) : resource,
      })),
    },
    contacts: contactsOf(patient),
    postalCodes: postalCodesOf(patient),
  };
}

/** True if the person of the candidate bears that name and was born on that day. */
export function isPerson(patient: Readonly<Record<string, unknown>>, query: PersonQuery): boolean {
  const form = nameForm(query);
  return patient['birthDate'] === query.birthDate && form !== undefined && nameFormsOf(patient).has(form);
}

/** The Patient of a bundle, an empty one if there is none. */
export function patientOf(bundle: FhirBundle): FhirResource {
  const found = bundle.entry.find(({ resource }) => resource.resourceType === 'Patient');
  return found?.resource ?? { resourceType: 'Patient' };
}

function onCard({ resourceType, name, birthDate }: FhirResource): FhirResource {
  return { resourceType, name, birthDate };
}

/** Mobile phones first, since whoever changes the provider keeps the number; e-mail; other phones of the person. */
function contactsOf(patient: FhirResource): readonly Contact[] {
  const ranked = listOf(patient['telecom']).flatMap((point) => {
    const { system, use, value, period } = point;
    if (typeof value !== 'string' || NOT_PERSONAL.has(use) || isOver(period)) return [];
    const contact = contactOf(system, value);
    if (contact === undefined) return [];
    return [{ contact, rank: contact.kind === 'email' ? 1 : use === 'mobile' || use === undefined ? 0 : 2 }];
  });
  const inOrder = ranked.toSorted((a, b) => a.rank - b.rank).map(({ contact }) => contact);
  return [...new Map(inOrder.map((contact) => [contact.value, contact])).values()].slice(0, MAX_CONTACTS);
}

/** Whatever has an end has been replaced, or will be before anybody looks again. */
function isOver(period: unknown): boolean {
  return isJsonObject(period) && period['end'] !== undefined;
}

function contactOf(system: unknown, value: string): Contact | undefined {
  if (system === 'email') {
    const address = value.trim().toLowerCase();
    return EMAIL.test(address) ? { kind: 'email', value: address } : undefined;
  }
  if (system !== 'phone' && system !== 'sms') return undefined;
  const digits = value.replace(/^tel:/i, '').replaceAll(/[\s().-]/g, '');
  const number = /^\d{10}$/.test(digits) ? `+1${digits}` : /^1\d{10}$/.test(digits) ? `+${digits}` : digits;
  return E164.test(number) ? { kind: 'phone', value: number } : undefined;
}

function postalCodesOf(patient: FhirResource): readonly string[] {
  const codes = listOf(patient['address']).flatMap(({ postalCode }) => zipOf(postalCode) ?? []);
  return [...new Set(codes)];
}

function listOf(value: unknown): readonly Record<string, unknown>[] {
  return isJsonArray(value) ? value.filter((item) => isJsonObject(item)).slice(0, MAX_LISTED) : [];
}
