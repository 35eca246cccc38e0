import { cardOf } from './jws.ts';
import { ISSUED, NOW, DAY } from './moments.ts';
import type { VectorKey } from './p256.ts';

export const ISS = 'https://issuer.example/pratique';
export const DID = 'did:web:issuer.example:pratique';
export const STATUS_BASE = 'https://status.issuer.example';
/** Where its status data was before it moved. */
export const FORMER_STATUS_BASE = 'https://old.issuer.example/health';
export const HEALTH_CARD = 'https://smarthealth.cards#health-card';
export const PASS = 'urn:pratique:pass';

/** A person who does not exist. */
export const PATIENT = {
  resourceType: 'Patient',
  name: [{ family: 'Nobody', given: ['Nora'] }],
  birthDate: '1980-02-29',
};

const IMMUNIZATION = {
  resourceType: 'Immunization',
  status: 'completed',
  vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '207' }] },
  patient: { reference: 'resource:0' },
  occurrenceDateTime: '2026-05-01',
};

/** The subject of a health card with those resources. */
export function recordOf(...resources: readonly object[]): object {
  const entry = resources.map((resource, n) => ({ fullUrl: `resource:${n}`, resource }));
  return { fhirVersion: '4.0.1', fhirBundle: { resourceType: 'Bundle', type: 'collection', entry } };
}

export const RECORD = recordOf(PATIENT, IMMUNIZATION);

/** The payload of a health card; `undefined` takes a member away. */
export function cardPayload(members: object = {}, vc: object = {}): object {
  return { iss: ISS, nbf: ISSUED, vc: { type: [HEALTH_CARD], credentialSubject: RECORD, ...vc }, ...members };
}

/** A signed health card. */
export function card(key: VectorKey, members: object = {}, vc: object = {}): string {
  return cardOf(key, cardPayload(members, vc));
}

export const PASS_SUBJECT = {
  name: { family: 'Nobody', given: ['Nora'] },
  birthDate: '1980-02-29',
  passType: 'vaccination',
};

/** The payload of a Pass; `undefined` takes a member away. */
export function passPayload(members: object = {}, vc: object = {}, subject: object = {}): object {
  return {
    iss: ISS,
    nbf: ISSUED,
    exp: NOW + DAY,
    vc: { type: [PASS], rid: ridOf(0), credentialSubject: { ...PASS_SUBJECT, ...subject }, ...vc },
    ...members,
  };
}

/** A signed Pass. */
export function pass(key: VectorKey, members: object = {}, vc: object = {}, subject: object = {}): string {
  return cardOf(key, passPayload(members, vc, subject));
}

/** The rid of an index in a status list: four bytes, big-endian, base64url. */
export function ridOf(index: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(index);
  return bytes.toString('base64url');
}
