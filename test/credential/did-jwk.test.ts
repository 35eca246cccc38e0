import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeBase64url } from '../../credential/base64url.ts';
import { didJwkFromKey, didJwkMethod, keyFromDidJwk } from '../../credential/did-jwk.ts';

const malformed = { name: 'FormatError', code: 'MALFORMED' };
const unsupported = { name: 'FormatError', code: 'UNSUPPORTED_FORMAT' };

/** The P-256 example of the did:jwk method specification. */
const key = {
  x: 'acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0',
  y: '_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE',
};
const did =
  'did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9';

const didOf = (jwk: unknown) => `did:jwk:${encodeBase64url(new TextEncoder().encode(JSON.stringify(jwk)))}`;

test('the key of the specification has the DID of the specification, both ways', () => {
  assert.equal(didJwkFromKey(key), did);
  assert.deepEqual(keyFromDidJwk(did), key);
});

test('its one verification method is #0', () => {
  assert.equal(didJwkMethod(did), `${did}#0`);
});

test('every key comes back from its DID', () => {
  const coordinate = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(encodeBase64url);
  fc.assert(
    fc.property(fc.record({ x: coordinate, y: coordinate }), (any) => {
      assert.deepEqual(keyFromDidJwk(didJwkFromKey(any)), { ...any });
    }),
  );
});

const jwk = { crv: 'P-256', kty: 'EC', ...key };
for (const [what, spelling] of [
  ['with further members', { ...jwk, use: 'sig' }],
  ['in another order', { kty: 'EC', crv: 'P-256', ...key }],
  ['with its private part', { ...jwk, d: key.x }],
  ['without y', { crv: 'P-256', kty: 'EC', x: key.x }],
  ['with a short coordinate', { ...jwk, x: key.x.slice(0, 40) }],
  ['with a number for a coordinate', { ...jwk, x: 1 }],
] as const) {
  test(`the DID of a key ${what} is MALFORMED`, () => {
    assert.throws(() => keyFromDidJwk(didOf(spelling)), malformed);
  });
}

for (const text of [
  '',
  'did:jwk:',
  'did:jwk',
  `${did}=`,
  `${did}#0`,
  ` ${did}`,
  `DID${did.slice(3)}`,
  did.slice(0, -1),
  `did:jwk:${encodeBase64url(new TextEncoder().encode(` ${JSON.stringify(jwk)}`))}`,
  didOf([jwk]),
  didOf(null),
  didOf({ kty: 'OKP', pad: 'a'.repeat(1000) }),
  `did:jwk:${'A'.repeat(100_000)}`,
]) {
  test(`"${text.slice(0, 30)}…${text.slice(-3)}" of ${text.length} characters is MALFORMED`, () => {
    assert.throws(() => keyFromDidJwk(text), malformed);
  });
}

test('other DID methods and other keys are not read here', () => {
  for (const other of ['did:web:a.example', 'did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169']) {
    assert.throws(() => keyFromDidJwk(other), unsupported);
  }
  for (const other of [
    { kty: 'OKP', crv: 'Ed25519', x: key.x },
    { ...jwk, crv: 'secp256k1' },
    { ...jwk, kty: 'RSA' },
  ]) {
    assert.throws(() => keyFromDidJwk(didOf(other)), unsupported);
  }
});

test('coordinates of another length have no DID', () => {
  for (const x of ['', 'AA', key.x.slice(0, 42), `${key.x}AA`, `${key.x.slice(0, 42)}1`]) {
    assert.throws(() => didJwkFromKey({ x, y: key.y }), malformed);
    assert.throws(() => didJwkFromKey({ x: key.x, y: x }), malformed);
  }
});
