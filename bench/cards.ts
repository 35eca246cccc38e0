import { randomInt } from 'node:crypto';
import type { FhirEntry } from '../credential/fhir-bundle.ts';
import { encodeCardUri } from '../credential/shc-uri.ts';
import { ridFromIndex } from '../credential/status-list.ts';
import { mintCard } from '../test/support/cards.ts';
import type { Directory } from './directory.ts';

/** One card in the two forms that a venue sees. */
export interface BenchCard {
  readonly jws: string;
  readonly qr: string;
}

const FAMILIES = ['Anyperson', 'Fulano', 'Mustermann', 'Okonkwo', 'Li', 'Sokolova', 'Nilsen', 'Abernathy'];
const GIVEN = ['John', 'Jane', 'Mengano', 'Erika', 'Chidi', 'Wei', 'Darya', 'Kari', 'Bertram'];
const PLACES = ['ABC General Hospital', 'Riverside Pharmacy 12', 'County Health Department', 'Campus Clinic'];

const pick = (words: readonly string[]): string => words[randomInt(words.length)] ?? '';

/** Different cards, none revoked, each of a person with three doses, as in the official example 00. */
export function mintCards({ key, list }: Directory, count: number, now: number): readonly BenchCard[] {
  return Array.from({ length: count }, () => {
    const jws = mintCard(key, {
      nbf: Math.floor(now) - randomInt(10_000_000) - 0.5,
      rid: ridFromIndex(unrevoked(list)),
      fhirBundle: {
        resourceType: 'Bundle',
        type: 'collection',
        entry: [patient(), dose(1, '2021-01'), dose(2, '2021-02'), dose(3, '2022-09')],
      },
    });
    return { jws, qr: encodeCardUri(jws, 'shc') };
  });
}

function patient(): FhirEntry {
  return {
    fullUrl: 'resource:0',
    resource: {
      resourceType: 'Patient',
      name: [{ family: pick(FAMILIES), given: [pick(GIVEN), `${pick(GIVEN).charAt(0)}.`] }],
      birthDate: `19${randomInt(10, 99)}-0${randomInt(1, 9)}-${randomInt(10, 28)}`,
    },
  };
}

function dose(place: number, month: string): FhirEntry {
  return {
    fullUrl: `resource:${place}`,
    resource: {
      resourceType: 'Immunization',
      status: 'completed',
      vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: `${randomInt(207, 230)}` }] },
      patient: { reference: 'resource:0' },
      occurrenceDateTime: `${month}-${randomInt(10, 28)}`,
      performer: [{ actor: { display: pick(PLACES) } }],
      lotNumber: `${randomInt(1_000_000)}`.padStart(7, '0'),
    },
  };
}

function unrevoked(list: Directory['list']): number {
  for (;;) {
    const index = randomInt(list.length);
    if (!list.get(index)) return index;
  }
}
