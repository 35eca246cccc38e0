import { randomInt } from 'node:crypto';
import type { FhirEntry } from '../credential/fhir-bundle.ts';
import { encodeCardUri } from '../credential/shc-uri.ts';
import { ridFromIndex } from '../credential/status-list.ts';
import { ISS, mintCard } from '../test/support/cards.ts';
import type { Directory } from './directory.ts';

/** One card in the two forms that a venue sees. */
export interface BenchCard {
  readonly jws: string;
  readonly qr: string;
}

const FAMILIES = ['Anyperson', 'Fulano', 'Mustermann', 'Okonkwo', 'Li', 'Sokolova', 'Nilsen', 'Abernathy'];
const GIVEN = ['John', 'Jane', 'Mengano', 'Erika', 'Chidi', 'Wei', 'Darya', 'Kari', 'Bertram'];
/** Those that New York's rules take, with a series of two doses. */
const VACCINES = ['207', '208', '211', '217'];
const PLACES = ['ABC General Hospital', 'Riverside Pharmacy 12', 'County Health Department', 'Campus Clinic'];

const pick = (words: readonly string[]): string => words[randomInt(words.length)] ?? '';

/** What a card says beyond a person; as in the official example 00 unless told otherwise. */
interface CardContent {
  readonly doses?: number;
  readonly iss?: string;
}

/** Different cards, none revoked, each of a person with three doses unless told otherwise. */
export function mintCards(
  { key, list }: Pick<Directory, 'key' | 'list'>,
  count: number,
  now: number,
  { doses = 3, iss = ISS }: CardContent = {},
): readonly BenchCard[] {
  return Array.from({ length: count }, () => {
    const jws = mintCard(key, {
      iss,
      nbf: Math.floor(now) - randomInt(10_000_000) - 0.5,
      rid: ridFromIndex(unrevoked(list)),
      fhirBundle: {
        resourceType: 'Bundle',
        type: 'collection',
        entry: [patient(), ...Array.from({ length: doses }, (_, place) => dose(place + 1))],
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

function dose(place: number): FhirEntry {
  const month = `${2020 + place}-0${randomInt(1, 9)}`;
  return {
    fullUrl: `resource:${place}`,
    resource: {
      resourceType: 'Immunization',
      status: 'completed',
      vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: pick(VACCINES) }] },
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
