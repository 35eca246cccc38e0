import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseJson } from '../../credential/json.ts';
import type { JwsHeader } from '../../credential/jws.ts';
import {
  MAX_PRESENTED,
  presentationForm,
  presentationPayload,
  readPresentation,
} from '../../credential/presentation.ts';
import { mintPass, newKey } from '../support/cards.ts';

const malformed = { name: 'FormatError', code: 'MALFORMED' };
const unsupported = { name: 'FormatError', code: 'UNSUPPORTED_FORMAT' };
const holder = 'did:jwk:eyJ9';
const content = { holder, nonce: 'n', audience: 'https://venue.example', iat: 5, credentials: ['a.b.c'] };

// ------------------------------------------------------------------ header

const header: JwsHeader = { alg: 'ES256', kid: `${holder}#0` };
for (const [what, change, form] of [
  ['vp+jwt', { typ: 'vp+jwt' }, 'vp+jwt'],
  ['application/vp+jwt', { typ: 'application/vp+jwt' }, 'vp+jwt'],
  ['VP+JWT of content vp', { typ: 'VP+JWT', cty: 'vp' }, 'vp+jwt'],
  ['vp+jwt by a did:web', { typ: 'vp+jwt', kid: 'did:web:h.example#k' }, 'vp+jwt'],
  ['JWT by the key of a holder', { typ: 'JWT' }, 'vp-jwt'],
  ['no type by the key of a holder', {}, 'vp-jwt'],
  ['JWT by a did:web', { typ: 'JWT', kid: 'did:web:h.example#k' }, undefined],
  ['JWT by a thumbprint', { typ: 'JWT', kid: '3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s' }, undefined],
  ['no type, compressed', { zip: 'DEF' }, undefined],
  ['vc+jwt', { typ: 'vc+jwt' }, undefined],
  ['vp+cose', { typ: 'vp+cose' }, undefined],
] as const) {
  test(`a header of ${what} announces ${form ?? 'no presentation'}`, () => {
    assert.equal(presentationForm({ ...header, ...change }), form);
  });
}

test('a presentation that says it is compressed, or of other content, is refused', () => {
  assert.throws(() => presentationForm({ ...header, typ: 'vp+jwt', zip: 'DEF' }), malformed);
  assert.throws(() => presentationForm({ ...header, typ: 'vp+jwt', cty: 'vc' }), unsupported);
});

// ------------------------------------------------------------------ payload

const v2 = presentationPayload(content);
const legacyVp = {
  '@context': ['https://www.w3.org/2018/credentials/v1'],
  type: ['VerifiablePresentation'],
  verifiableCredential: ['a.b.c'],
};
const v1 = { iss: holder, nonce: 'n', aud: content.audience, iat: 5, vp: legacyVp };
/** As it comes out of JSON: members that are undefined here are not there. */
const read = (json: object, form: 'vp+jwt' | 'vp-jwt' = 'vp+jwt') =>
  readPresentation(parseJson(JSON.stringify(json)), form);
const readLegacy = (vp: object, claims: object = {}) =>
  read({ ...v1, ...claims, vp: { ...legacyVp, ...vp } }, 'vp-jwt');

test('both forms are read as one', () => {
  const expected = {
    holder,
    nonce: 'n',
    audience: 'https://venue.example',
    iat: 5,
    nbf: undefined,
    exp: undefined,
    credentials: [{ text: 'a.b.c' }],
  };
  assert.deepEqual(read(v2), expected);
  assert.deepEqual(read(v1, 'vp-jwt'), expected);
});

test('every presentation that a holder writes is read back', () => {
  const word = fc.string({ minLength: 1, unit: 'grapheme' });
  const contents = fc.record({
    holder: word,
    nonce: word,
    audience: word,
    iat: fc.nat(),
    credentials: fc.array(fc.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/), {
      minLength: 1,
      maxLength: MAX_PRESENTED,
    }),
  });
  fc.assert(
    fc.property(contents, (written) => {
      const { credentials, ...said } = written;
      const expected = credentials.map((text) => ({ text }));
      assert.deepEqual(read(presentationPayload(written)), {
        ...said,
        nbf: undefined,
        exp: undefined,
        credentials: expected,
      });
    }),
  );
});

const envelope = {
  '@context': 'https://www.w3.org/ns/credentials/v2',
  type: 'EnvelopedVerifiableCredential',
  id: 'data:application/vc+jwt,a.b.c',
};
test('an envelope may list its contexts and types, and stand alone', () => {
  const listed = { ...envelope, '@context': [envelope['@context']], type: [envelope.type] };
  for (const verifiableCredential of [envelope, listed, [listed]]) {
    assert.deepEqual(read({ ...v2, verifiableCredential }).credentials, [{ text: 'a.b.c' }]);
  }
  assert.deepEqual(readLegacy({ verifiableCredential: 'a.b.c' }).credentials, [{ text: 'a.b.c' }]);
});

test('a card in its QR form has an envelope of its own, and neither stands in the other’s', () => {
  const card = mintPass(newKey());
  const within = (id: string): unknown =>
    read({ ...v2, verifiableCredential: { ...envelope, id } }).credentials[0];
  assert.deepEqual(within(`data:application/jose,${card}`), { text: card });
  const refused = { code: 'UNSUPPORTED_FORMAT' };
  assert.deepEqual(within(`data:application/vc+jwt,${card}`), refused);
  assert.deepEqual(within('data:application/jose,a.b.c'), refused);
  const [written] = presentationPayload({ holder, nonce: 'n', audience: 'a', iat: 1, credentials: [card] })[
    'verifiableCredential'
  ] as { id: string }[];
  assert.equal(written?.id, `data:application/jose,${card}`);
});

test('types may be one text, a holder may be an object, and iss may repeat it', () => {
  assert.equal(read({ ...v2, type: 'VerifiablePresentation' }).holder, holder);
  assert.equal(read({ ...v2, holder: { id: holder, name: 'x' }, iss: holder }).holder, holder);
  assert.equal(read({ ...v2, holder: undefined, iss: holder }).holder, holder);
  assert.equal(readLegacy({ holder }).holder, holder);
  assert.equal(read({ ...v2, holder: undefined }).holder, undefined);
});

test('an audience of several is none', () => {
  assert.equal(read({ ...v2, aud: ['a'] }).audience, 'a');
  for (const aud of [undefined, [], ['a', 'b'], ['a', 'a']]) {
    assert.equal(read({ ...v2, aud }).audience, undefined);
  }
});

test('credentials secured by other means are not read, and do not hide the others', () => {
  const other = [
    { ...envelope, id: 'data:application/vc+sd-jwt,a.b.c~' },
    { ...envelope, id: 'data:application/vp+jwt,a.b.c' },
    { ...envelope, id: 'data:application/vc+jwt;base64,YQ' },
    { ...envelope, type: 'EnvelopedVerifiablePresentation' },
    { ...envelope, type: ['VerifiableCredential'], proof: {} },
  ];
  const code = 'UNSUPPORTED_FORMAT';
  const { credentials } = read({ ...v2, verifiableCredential: [...other, envelope] });
  assert.deepEqual(credentials, [...other.map(() => ({ code })), { text: 'a.b.c' }]);
  const legacy = readLegacy({ verifiableCredential: [envelope, 'a.b.c'] });
  assert.deepEqual(legacy.credentials, [{ code }, { text: 'a.b.c' }]);
});

const changes: readonly (readonly [string, object])[] = [
  ['another context', { '@context': ['https://www.w3.org/2018/credentials/v1'] }],
  ['a context before the base one', { '@context': [{}, 'https://www.w3.org/ns/credentials/v2'] }],
  ['no context', { '@context': undefined }],
  ['no type', { type: undefined }],
  ['another type', { type: ['VerifiableCredential'] }],
  ['a vp claim', { vp: legacyVp }],
  ['a vc claim', { vc: {} }],
  ['two holders', { iss: 'did:jwk:other' }],
  ['a holder that is no text', { holder: 1 }],
  ['a holder that is a list', { holder: [holder] }],
  ['an iss that is no text', { holder: undefined, iss: { id: holder } }],
  ['an empty nonce', { nonce: '' }],
  ['a nonce that is no text', { nonce: 1 }],
  ['an audience that is no text', { aud: { id: 'x' } }],
  ['an audience with something else in it', { aud: ['a', 1] }],
  ['an iat in text', { iat: '5' }],
  ['an exp in milliseconds', { exp: 1_780_000_000_000 }],
  ['an nbf that is null', { nbf: null }],
  ['no credentials', { verifiableCredential: [] }],
  ['eleven credentials', { verifiableCredential: Array.from({ length: 11 }, () => envelope) }],
  ['credentials that are null', { verifiableCredential: null }],
  ['a credential that is a text', { verifiableCredential: ['a.b.c'] }],
  ['an envelope without type', { verifiableCredential: [{ ...envelope, type: undefined }] }],
  ['an envelope without context', { verifiableCredential: [{ ...envelope, '@context': undefined }] }],
  ['an envelope of another context', { verifiableCredential: [{ ...envelope, '@context': [] }] }],
  ['an envelope without content', { verifiableCredential: [{ ...envelope, id: undefined }] }],
];
for (const [what, change] of changes) {
  test(`a presentation with ${what} is MALFORMED`, () => {
    assert.throws(() => read({ ...v2, ...change }), malformed);
  });
}

for (const [what, vp, claims] of [
  ['the context of VCDM 2.0', { '@context': ['https://www.w3.org/ns/credentials/v2'] }, {}],
  ['no type', { type: undefined }, {}],
  ['two holders', { holder: 'did:jwk:other' }, {}],
  ['no credentials', { verifiableCredential: [] }, {}],
  ['eleven credentials', { verifiableCredential: Array(11).fill('a.b.c') }, {}],
  ['no list of credentials', { verifiableCredential: undefined }, {}],
  ['a credential beside it', {}, { vc: {} }],
] as const) {
  test(`a VCDM 1.1 presentation with ${what} is MALFORMED`, () => {
    assert.throws(() => readLegacy(vp, claims), malformed);
  });
}

test('a JWT of a holder that holds a credential is not read, one that holds nothing is MALFORMED', () => {
  assert.throws(() => read({ iss: holder, vc: {} }, 'vp-jwt'), unsupported);
  assert.throws(() => read({ iss: holder }, 'vp-jwt'), malformed);
  assert.throws(() => read([v1], 'vp-jwt'), malformed);
});

test('whatever the payload, reading it ends in a presentation or a FormatError', () => {
  const key = fc.constantFrom(...Object.keys(v2), 'vp', 'vc', 'iss', 'id', 'exp', 'x');
  fc.assert(
    fc.property(
      fc.dictionary(key, fc.anything({ key })),
      fc.constantFrom('vp+jwt', 'vp-jwt'),
      (odd, form) => {
        try {
          readPresentation({ ...v2, ...odd }, form);
        } catch (error) {
          assert.equal((error as Error).name, 'FormatError');
        }
      },
    ),
  );
});
