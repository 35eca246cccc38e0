import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { encodeRequestUri, requestPayload } from '../../../credential/authorization-request.ts';
import { credentialQuery } from '../../../credential/credential-query.ts';
import { didJwkFromKey, didJwkMethod } from '../../../credential/did-jwk.ts';
import { encodeBase64url } from '../../../credential/base64url.ts';
import { askerOf } from '../../../wallet/asking/asker.ts';
import { mintUnder, newKey, NOW, utf8 } from '../../support/cards.ts';
import {
  ARENA,
  read,
  readWell,
  RESPONSE_URI,
  trustWith,
  venueKey,
  verifier,
  walletTrust,
} from '../../support/asking.ts';

const did = didJwkFromKey(venueKey);
const CONTENT = {
  did,
  nonce: 'A'.repeat(22),
  iat: NOW,
  exp: NOW + 300,
  purpose: 'Entry to the concert',
  responseUri: RESPONSE_URI,
  query: credentialQuery(['pass']),
};
const HEADER = { alg: 'ES256', typ: 'oauth-authz-req+jwt', kid: didJwkMethod(did) };

/** A request of the arena with something else in it, signed well. */
function request(claims: object = {}, header: object = {}, key = venueKey): string {
  const payload = { ...requestPayload(CONTENT), ...claims };
  return encodeRequestUri(mintUnder(key, { ...HEADER, ...header }, utf8(JSON.stringify(payload))), did);
}

test('a request says who asks by the ledger, why, and for what', async () => {
  const { request: text } = verifier().requests.open({ responseUri: RESPONSE_URI });
  const { request: asked, asker } = await readWell(text);
  assert.deepEqual(asker, {
    did,
    standing: 'known',
    listings: [{ name: 'Arena of Nowhere', jurisdiction: 'State of Nowhere', status: 'active' }],
  });
  assert.equal(asked.purpose, 'Entry to the concert');
  assert.equal(asked.exp, NOW + 300);
  assert.equal(asked.responseUri, RESPONSE_URI);
});

describe('a request is not answered', () => {
  const other = newKey();
  const otherDid = didJwkFromKey(other);
  const stranger = `decentralized_identifier:${otherDid}`;
  const cases: readonly (readonly [string, string, string])[] = [
    ['REQUEST_NOT_FOUND', 'the code of a card', 'shc:/5676290952'],
    ['REQUEST_FORGED', 'signed with another key', request({}, {}, other)],
    ['REQUEST_FORGED', 'in the name of another than the code says', request({ client_id: stranger })],
    ['REQUEST_FORGED', 'by a key of another DID', request({}, { kid: didJwkMethod(otherDid) }, other)],
    [
      'REQUEST_FORGED',
      'that names another key than the one that signed it',
      request({}, { kid: didJwkMethod(otherDid) }),
    ],
    ['REQUEST_EXPIRED', 'whose time is over', request({ iat: NOW - 300, exp: NOW })],
    ['REQUEST_TIME_WRONG', 'of the future', request({ iat: NOW + 61, exp: NOW + 300 })],
    ['REQUEST_TIME_WRONG', 'that means to last', request({ exp: NOW + 361 })],
    ['REQUEST_UNSUPPORTED', 'of another type of token', request({}, { typ: 'JWT' })],
    ['REQUEST_UNSUPPORTED', 'without a type', request({}, { typ: undefined })],
    ['REQUEST_UNSUPPORTED', 'that brings its own key', request({}, { jwk: { kty: 'EC' } })],
    ['REQUEST_UNSUPPORTED', 'under another algorithm', request({}, { alg: 'none' })],
    ['REQUEST_UNSUPPORTED', 'for another wallet', request({ aud: 'https://wallet.example' })],
    ['REQUEST_UNSUPPORTED', 'that wants a redirect', request({ response_mode: 'fragment' })],
    ['REQUEST_UNSUPPORTED', 'that binds a transaction', request({ transaction_data: ['e30'] })],
    [
      'REQUEST_UNSUPPORTED',
      'of a did:web, which only its server could vouch for',
      request(
        { client_id: 'decentralized_identifier:did:web:arena.example' },
        { kid: 'did:web:arena.example#0' },
      ).replace(/client_id=[^&]*/, 'client_id=decentralized_identifier%3Adid%3Aweb%3Aarena.example'),
    ],
    [
      'REQUEST_UNSUPPORTED',
      'that names its verifier by an address',
      request({ client_id: 'redirect_uri:https://a.example' }),
    ],
    ['REQUEST_MALFORMED', 'with a nonce of few bits', request({ nonce: 'AAAA' })],
    ['REQUEST_MALFORMED', 'without a purpose', request({ purpose: ' ' })],
    [
      'REQUEST_MALFORMED',
      'whose purpose turns what stands around it',
      request({ purpose: 'Entry\u202Eyrtne' }),
    ],
    ['REQUEST_MALFORMED', 'whose purpose is two lines', request({ purpose: 'Entry\nVerified by the state' })],
    [
      'REQUEST_MALFORMED',
      'that wants its answer at another kind of place',
      request({ response_uri: 'javascript:alert(1)' }),
    ],
    [
      'REQUEST_MALFORMED',
      'that wants its answer where somebody logs in',
      request({ response_uri: 'https://a@b.example/' }),
    ],
    ['REQUEST_MALFORMED', 'that does not say what it asks for', request({ dcql_query: { credentials: [] } })],
    ['REQUEST_MALFORMED', 'that names its verifier twice', `${request()}&client_id=x`],
    ['REQUEST_UNSUPPORTED', 'that is somewhere else', `${request()}&request_uri=https%3A%2F%2Fvenue.example`],
    ['REQUEST_MALFORMED', 'that is longer than a code', request({ padding: 'x'.repeat(9000) })],
  ];
  for (const [code, what, text] of cases) {
    test(`${what}: ${code}`, async () => {
      assert.equal(await read(text), code);
    });
  }

  test('the same without any of this is answered', async () => {
    assert.equal((await readWell(request())).asker.standing, 'known');
  });

  test('whatever single character of it is another', async () => {
    const text = request();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length - 1),
        fc.constantFrom('A', 'B', '.', '&', '%', '0'),
        async (at, char) => {
          // The scheme reads in either case; the address in it is looked at by nobody.
          fc.pre(text[at] !== char && at > 'openid4vp://'.length);
          const found = await read(text.slice(0, at) + char + text.slice(at + 1));
          return typeof found === 'string';
        },
      ),
      { numRuns: 300 },
    );
  });

  test('whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.jsonValue(), async (text, json) => {
        const jwt = `${encodeBase64url(utf8(JSON.stringify(HEADER)))}.${encodeBase64url(utf8(JSON.stringify(json)))}.${'A'.repeat(86)}`;
        const found = [await read(`openid4vp://?${text}`), await read(encodeRequestUri(jwt, did))];
        return found.every((one) => typeof one === 'string');
      }),
      { numRuns: 300 },
    );
  });
});

describe('who asks', () => {
  const standing = (...venues: Parameters<typeof trustWith>[0] & object) =>
    askerOf(did, walletTrust(trustWith(venues))).standing;

  test('is unknown if no jurisdiction registered them', () => {
    assert.equal(standing(), 'unknown');
    assert.equal(standing({ ...ARENA, did: didJwkFromKey(newKey()) }), 'unknown');
  });

  test('is disowned if a jurisdiction suspended or withdrew them, or is suspended itself', () => {
    assert.equal(standing({ ...ARENA, status: 'suspended' }), 'disowned');
    assert.equal(standing({ ...ARENA, status: 'withdrawn' }), 'disowned');
    const trust = trustWith();
    const suspended = { code: 'US-NO', name: 'State of Nowhere', suspended: true };
    const document = { ...trust.document, jurisdictions: [suspended] };
    const asker = askerOf(did, walletTrust({ ...trust, document }));
    assert.equal(asker.standing, 'disowned');
    assert.deepEqual(
      asker.listings.map(({ status }) => status),
      ['suspended'],
    );
  });

  test('is disowned though another jurisdiction stands by them, and all that is said is told', () => {
    const theatre = { ...ARENA, id: 2, jurisdiction: 'US-XX', status: 'withdrawn' } as const;
    const trust = trustWith();
    const other = { code: 'US-XX', name: 'Elsewhere', suspended: false };
    const { document } = trust;
    const asker = askerOf(
      did,
      walletTrust({
        ...trust,
        document: {
          ...document,
          jurisdictions: [...document.jurisdictions, other],
          venues: [ARENA, theatre],
        },
      }),
    );
    assert.equal(asker.standing, 'disowned');
    assert.deepEqual(
      asker.listings.map(({ status }) => status),
      ['active', 'withdrawn'],
    );
  });

  test('is unchecked without trust data, and by data that is old or tied to no chain', () => {
    assert.equal(askerOf(did, { ...walletTrust(), trust: 'missing' }).standing, 'unchecked');
    assert.equal(askerOf(did, walletTrust(trustWith(), NOW + 30 * 86_400)).standing, 'unchecked');
    assert.equal(askerOf(did, walletTrust({ ...trustWith(), anchored: false })).standing, 'unchecked');
  });
});
