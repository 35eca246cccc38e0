import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readCard, readLegacyVc, readVc } from '../../credential/credential.ts';
import { HEALTH_CARD_TYPE, PASS_TYPE } from '../../credential/health-card.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { dataDir } from '../support/data.ts';

const did = 'did:web:health.example:shc';
const list = 'https://health.example/shc/status/3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s';
const fhirBundle = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    {
      resource: {
        resourceType: 'Patient',
        name: [{ family: 'Anyperson', given: ['Ada'] }],
        birthDate: '1951-01-20',
      },
    },
  ],
};
const credentialSubject = { fhirVersion: '4.0.1', fhirBundle };
const credentialStatus = {
  id: `${list}#7`,
  type: 'BitstringStatusListEntry',
  statusPurpose: 'revocation',
  statusListIndex: '7',
  statusListCredential: list,
};
const subject = { name: 'Ada Anyperson', birthDate: '1951-01-20' };
const nbf = 1687450764.656;
const exp = 1718986764;

const vc = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiableCredential', HEALTH_CARD_TYPE],
  issuer: did,
  validFrom: '2023-06-22T16:19:24.656Z',
  validUntil: '2024-06-21T16:19:24Z',
  credentialStatus,
  credentialSubject,
};
const legacy = {
  iss: did,
  nbf,
  exp,
  vc: {
    '@context': ['https://www.w3.org/2018/credentials/v1'],
    type: ['VerifiableCredential', HEALTH_CARD_TYPE],
    credentialSubject,
    credentialStatus,
  },
};
const passSubject = {
  name: { family: 'Anyperson', given: ['Ada'] },
  birthDate: '1951-01-20',
  passType: 'antigen',
};
const passVc = { ...vc, type: ['VerifiableCredential', PASS_TYPE], credentialSubject: passSubject };
const passLegacy = {
  ...legacy,
  vc: { ...legacy.vc, type: ['VerifiableCredential', PASS_TYPE], credentialSubject: passSubject },
};

/** A copy without the members that are undefined, as JSON would carry it. */
function json(value: object): unknown {
  return parseJson(JSON.stringify(value));
}

const listed = { kind: 'index', index: 7, list };
const record = { profile: 'pass-plus', passType: undefined, bundle: fhirBundle } as const;
const pass = { profile: 'pass', passType: 'antigen', bundle: undefined } as const;
const view = { nbf, exp, status: listed, subject, holder: undefined };

test('a vc+jwt is viewed by its did, its dates and its place in the list', () => {
  assert.deepEqual(readVc(vc), { ...view, ...record, form: 'vc+jwt', issuer: { did } });
});

test('a VCDM 1.1 JWT is viewed the same', () => {
  assert.deepEqual(readLegacyVc(legacy), { ...view, ...record, form: 'vc-jwt', issuer: { did } });
});

test('a pass in both VC forms is viewed as a pass', () => {
  assert.deepEqual(readVc(passVc), { ...view, ...pass, form: 'vc+jwt', issuer: { did } });
  assert.deepEqual(readLegacyVc(passLegacy), { ...view, ...pass, form: 'vc-jwt', issuer: { did } });
});

test('a card is viewed by its iss and its rid', () => {
  const rid = 'AAAAAA';
  const payload = {
    iss: 'https://health.example',
    nbf,
    exp,
    vc: { type: [PASS_TYPE], rid, credentialSubject: passSubject },
  };
  assert.deepEqual(readCard(payload), {
    form: 'pass',
    ...pass,
    issuer: { iss: 'https://health.example' },
    nbf,
    exp,
    status: { kind: 'rid', rid },
    subject,
    holder: undefined,
  });
  const card = { iss: 'https://health.example', nbf, vc: { type: [HEALTH_CARD_TYPE], credentialSubject } };
  assert.deepEqual(readCard(card), {
    form: 'health-card',
    ...record,
    issuer: { iss: 'https://health.example' },
    nbf,
    exp: undefined,
    status: { kind: 'none' },
    subject,
    holder: undefined,
  });
});

test('an issuer may be an object, and registered claims may repeat what is said', () => {
  const repeated = {
    ...vc,
    id: 'urn:x',
    issuer: { id: did, name: 'x' },
    iss: did,
    nbf,
    exp,
    jti: 'urn:x',
    iat: 1,
  };
  assert.deepEqual(readVc(repeated), readVc(vc));
  const bound = {
    ...passVc,
    sub: 'did:web:h.example',
    credentialSubject: { ...passSubject, id: 'did:web:h.example' },
  };
  assert.deepEqual(readVc(bound), { ...readVc(passVc), holder: 'did:web:h.example' });
});

test('a credential names its holder by the id of its subject, in every form', () => {
  const id = 'did:web:h.example';
  const bound = { ...passSubject, id };
  const vcBound = { ...legacy.vc, type: ['VerifiableCredential', PASS_TYPE] };
  const card = { type: [PASS_TYPE], rid: 'AAAAAA', credentialSubject: bound };
  for (const { holder } of [
    readVc({ ...passVc, credentialSubject: bound }),
    readLegacyVc({ ...legacy, vc: { ...vcBound, credentialSubject: bound } }),
    readLegacyVc({ ...legacy, sub: id, vc: { ...vcBound, credentialSubject: passSubject } }),
    readCard({ iss: 'https://health.example', nbf, exp, vc: card }),
    readVc({ ...vc, credentialSubject: { ...credentialSubject, id } }),
  ]) {
    assert.equal(holder, id);
  }
});

test('a credential without end and status is viewed without', () => {
  const { status, exp: none } = readVc(json({ ...vc, validUntil: undefined, credentialStatus: undefined }));
  assert.deepEqual([status, none], [{ kind: 'none' }, undefined]);
});

const changes: [string, object][] = [
  ['an unknown context', { '@context': ['https://www.w3.org/2018/credentials/v1'] }],
  ['a context before the base one', { '@context': [{}, 'https://www.w3.org/ns/credentials/v2'] }],
  ['a context that is a text', { '@context': 'https://www.w3.org/ns/credentials/v2' }],
  ['no context', { '@context': undefined }],
  ['no issuer', { issuer: undefined }],
  ['an issuer that is a URL', { issuer: 'https://health.example/shc' }],
  ['an issuer object without id', { issuer: { name: 'x' } }],
  ['no validFrom', { validFrom: undefined }],
  ['a validFrom without zone', { validFrom: '2023-06-22T16:19:24' }],
  ['a validFrom in seconds', { validFrom: nbf }],
  ['a validUntil that is null', { validUntil: null }],
  ['a validUntil that never is', { validUntil: '2023-02-30T00:00:00Z' }],
  ['another iss', { iss: 'did:web:other.example' }],
  ['another nbf', { nbf: nbf + 1 }],
  ['an nbf in text', { nbf: String(nbf) }],
  ['another exp', { exp: exp + 1 }],
  ['an exp without validUntil', { validUntil: undefined, exp }],
  ['a sub without subject id', { sub: 'did:web:h.example' }],
  ['another jti', { id: 'urn:x', jti: 'urn:y' }],
  ['the end of VCDM 1.1', { expirationDate: '2023-07-01T00:00:00Z' }],
  ['the beginning of VCDM 1.1', { issuanceDate: vc.validFrom }],
  ['a vc claim', { vc: {} }],
  ['a vp claim', { vp: null }],
  ['two subjects', { credentialSubject: [credentialSubject, credentialSubject] }],
];
const bothForms: [string, object][] = [
  ['no type', { type: undefined }],
  ['a type that is a text', { type: 'VerifiableCredential' }],
  ['no profile', { type: ['VerifiableCredential'] }],
  ['both profiles', { type: ['VerifiableCredential', HEALTH_CARD_TYPE, PASS_TYPE] }],
  ['no type VerifiableCredential', { type: [HEALTH_CARD_TYPE] }],
  ['no subject', { credentialSubject: undefined }],
  [
    'a subject whose id is no text',
    { credentialSubject: { ...credentialSubject, id: ['did:web:h.example'] } },
  ],
  ['a subject without bundle', { credentialSubject: { fhirVersion: '4.0.1' } }],
  ['the subject of a pass', { credentialSubject: passSubject }],
  ['a status that is null', { credentialStatus: null }],
  ['several statuses', { credentialStatus: [credentialStatus] }],
  ['a status of another kind', { credentialStatus: { ...credentialStatus, type: 'StatusList2021Entry' } }],
  ['a status of another purpose', { credentialStatus: { ...credentialStatus, statusPurpose: 'suspension' } }],
  ['a status of more than one bit', { credentialStatus: { ...credentialStatus, statusSize: 2 } }],
  ['a status without index', { credentialStatus: { ...credentialStatus, statusListIndex: undefined } }],
  ['a status with a number as index', { credentialStatus: { ...credentialStatus, statusListIndex: 7 } }],
  ['a status with a negative index', { credentialStatus: { ...credentialStatus, statusListIndex: '-7' } }],
  ['a status without list', { credentialStatus: { ...credentialStatus, statusListCredential: undefined } }],
  [
    'a status whose list is no URL',
    { credentialStatus: { ...credentialStatus, statusListCredential: 'urn:x' } },
  ],
];

const malformed = { name: 'FormatError', code: 'MALFORMED' };
for (const [fault, change] of [...changes, ...bothForms]) {
  test(`a vc+jwt with ${fault} is refused`, () => {
    assert.throws(() => readVc(json({ ...vc, ...change })), malformed);
  });
}
for (const [fault, change] of [
  ...bothForms,
  ['the context of VCDM 2.0', { '@context': vc['@context'] }],
  ['the end of VCDM 2.0', { validUntil: vc.validUntil }],
  ['the beginning of VCDM 2.0', { validFrom: vc.validFrom }],
  ['another issuer inside', { issuer: 'did:web:other.example' }],
  ['an odd issuer inside', { issuer: 7 }],
  ['another issuance date', { issuanceDate: '2023-06-22T16:19:24Z' }],
  ['another expiration date', { expirationDate: '2024-06-21T16:19:25Z' }],
] as [string, object][]) {
  test(`a VCDM 1.1 JWT with ${fault} is refused`, () => {
    assert.throws(() => readLegacyVc(json({ ...legacy, vc: { ...legacy.vc, ...change } })), malformed);
  });
}
for (const [fault, change] of [
  ['no iss', { iss: undefined }],
  ['an iss that is a URL', { iss: 'https://health.example/shc' }],
  ['no nbf', { nbf: undefined }],
  ['an nbf in milliseconds', { nbf: 1687450764656 }],
  ['an exp in text', { exp: '1' }],
  ['an exp that is null', { exp: null }],
  ['no vc', { vc: undefined }],
  ['a vp', { vp: {} }],
  [
    'another sub than its subject',
    { sub: 'did:web:a', vc: { ...legacy.vc, credentialSubject: { ...credentialSubject, id: 'did:web:b' } } },
  ],
  ['another jti than its id', { jti: 'urn:x', vc: { ...legacy.vc, id: 'urn:y' } }],
  [
    'an expiration date and no exp',
    { exp: undefined, vc: { ...legacy.vc, expirationDate: '2024-06-21T16:19:24Z' } },
  ],
] as [string, object][]) {
  test(`a VCDM 1.1 JWT with ${fault} is refused`, () => {
    assert.throws(() => readLegacyVc(json({ ...legacy, ...change })), malformed);
  });
}

test('what a VCDM 1.1 JWT repeats may be the same', () => {
  const repeated = {
    ...legacy,
    jti: 'urn:x',
    vc: {
      ...legacy.vc,
      id: 'urn:x',
      issuer: { id: did },
      issuanceDate: '2023-06-22T16:19:24.656Z',
      expirationDate: '2024-06-21T16:19:24Z',
    },
  };
  assert.deepEqual(readLegacyVc(repeated), readLegacyVc(legacy));
});

test('an issuer of another DID method is unsupported', () => {
  const unsupported = { name: 'FormatError', code: 'UNSUPPORTED_FORMAT' };
  assert.throws(() => readVc({ ...vc, issuer: 'did:key:zDna' }), unsupported);
  assert.throws(() => readLegacyVc({ ...legacy, iss: 'did:key:zDna' }), unsupported);
});

for (const [fault, change] of [
  ['without end', { validUntil: undefined }],
  ['without status', { credentialStatus: undefined }],
  ['with clinical data', { credentialSubject: { ...passSubject, fhirBundle } }],
] as [string, object][]) {
  test(`a pass in VC form ${fault} is refused`, () => {
    assert.throws(() => readVc(json({ ...passVc, ...change })), malformed);
  });
}

test('the other reader refuses each form, and what is no object', () => {
  for (const value of [null, [], 'vc', 7, undefined]) {
    for (const read of [readCard, readVc, readLegacyVc]) assert.throws(() => read(value), malformed);
  }
  assert.throws(() => readVc(legacy), malformed);
  assert.throws(() => readLegacyVc(vc), malformed);
  assert.throws(() => readCard(vc), malformed);
  assert.throws(() => readCard(legacy), malformed);
});

test(
  'the official examples are viewed as their list of expectations says',
  { skip: dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false },
  () => {
    const views = ['00', '01', '02', '03'].map((n) => {
      const path = `${dataDir}/shc-examples/example-${n}-c-jws-payload-minified.json`;
      const { status, exp: end, subject: person } = readCard(parseJson(decodeUtf8(readFileSync(path))));
      return [status.kind === 'rid' ? status.rid : undefined, end, person?.name];
    });
    assert.deepEqual(views, [
      ['MKyCxh7p6uQ', undefined, 'John B. Anyperson'],
      [undefined, undefined, 'John B. Anyperson'],
      ['YjKhdFoxL_g', undefined, undefined],
      ['vwAjHdarZuc', 1718986764.657, 'Johnny Revoked'],
    ]);
  },
);
