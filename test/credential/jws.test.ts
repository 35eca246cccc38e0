import assert from 'node:assert/strict';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeBase64url } from '../../credential/base64url.ts';
import { inflateRaw, MAX_CARD_BYTES } from '../../credential/deflate.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { parseIssuerJwk } from '../../credential/jwk.ts';
import {
  assertCardHeader,
  assertVcHeader,
  encodeCompactJws,
  encodeSigningInput,
  MAX_JWS_CHARS,
  parseCompactJws,
  verifyJws,
  type JwsHeader,
} from '../../credential/jws.ts';
import { dataDir } from '../support/data.ts';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
const key = importEs256Key({ x, y });
const kid = '3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s';
const cardHeader: JwsHeader = { zip: 'DEF', alg: 'ES256', kid };
const vcHeader: JwsHeader = { alg: 'ES256', kid: `did:web:a.example#${kid}`, typ: 'vc+jwt', cty: 'vc' };
const payload = new TextEncoder().encode('{"any":"payload"}');

function signed(signingInput: string): string {
  const signature = sign('sha256', Buffer.from(signingInput), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return encodeCompactJws(signingInput, signature);
}

/** A token signed over the header's text exactly as given. */
function withHeader(header: string): string {
  return signed(`${encodeBase64url(new TextEncoder().encode(header))}.${encodeBase64url(payload)}`);
}

const token = signed(encodeSigningInput(cardHeader, payload));
const [headerPart = '', payloadPart = '', signaturePart = ''] = token.split('.');
const refusal = (code: string) => ({ name: 'FormatError', code });

test('a token is read into its header, its bytes and its signature', () => {
  const jws = parseCompactJws(token);
  assert.deepEqual(jws.header, cardHeader);
  assert.deepEqual(jws.payload, payload);
  assert.equal(new TextDecoder().decode(jws.signingInput), `${headerPart}.${payloadPart}`);
  assert.equal(jws.signature.length, 64);
});

test('what is encoded is what is read', () => {
  const header = fc.record(
    {
      alg: fc.constant('ES256' as const),
      kid: fc.string(),
      zip: fc.constant('DEF' as const),
      typ: fc.string(),
      cty: fc.string(),
    },
    { requiredKeys: ['alg', 'kid'] },
  );
  fc.assert(
    fc.property(header, fc.uint8Array({ maxLength: 60 }), (fields, bytes) => {
      fc.pre(
        fields.kid.isWellFormed() && (fields.typ ?? '').isWellFormed() && (fields.cty ?? '').isWellFormed(),
      );
      const jws = parseCompactJws(encodeCompactJws(encodeSigningInput(fields, bytes), new Uint8Array(64)));
      assert.deepEqual({ ...jws.header }, { ...fields });
      assert.deepEqual(jws.payload, new Uint8Array(bytes));
    }),
  );
});

test('the header is written in the order of the official examples', () => {
  assert.equal(Buffer.from(headerPart, 'base64url').toString(), `{"zip":"DEF","alg":"ES256","kid":"${kid}"}`);
});

test('a good signature makes a verified token, any other none', async () => {
  const verified = await verifyJws(parseCompactJws(token), key);
  assert.equal(verified?.stage, 'verified');
  assert.deepEqual(verified.payload, payload);
  const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  const foreignKey = importEs256Key({ x: foreign.x ?? '', y: foreign.y ?? '' });
  assert.equal(await verifyJws(parseCompactJws(token), foreignKey), undefined);
});

test('an asynchronous verifier is waited for', async () => {
  const jws = parseCompactJws(token);
  assert.equal((await verifyJws(jws, async () => true))?.stage, 'verified');
  assert.equal(await verifyJws(jws, async () => false), undefined);
});

test('the high-s twin of a signature verifies too', async () => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const rs = Buffer.from(signaturePart, 'base64url');
  const s = order - BigInt(`0x${rs.subarray(32).toString('hex')}`);
  const twin = Buffer.concat([rs.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]);
  const jws = parseCompactJws(`${headerPart}.${payloadPart}.${twin.toString('base64url')}`);
  assert.equal((await verifyJws(jws, key))?.stage, 'verified');
});

test('every change of one character is refused or fails the signature', async () => {
  for (let i = 0; i < token.length; i++) {
    for (const character of ['A', 'B', '_', '.', '=', ' ', '\u0141']) {
      if (token[i] === character) continue;
      const changed = token.slice(0, i) + character + token.slice(i + 1);
      let jws: ReturnType<typeof parseCompactJws>;
      try {
        jws = parseCompactJws(changed);
      } catch (error) {
        assert.ok(['MALFORMED', 'UNSUPPORTED_FORMAT'].includes(String((error as { code?: unknown }).code)));
        continue;
      }
      assert.equal(await verifyJws(jws, key), undefined);
    }
  }
});

test('unknown header members are ignored', () => {
  const text = withHeader(`{"alg":"ES256","zip":"DEF","kid":"${kid}","x5t":"a","note":{"__proto__":1}}`);
  assert.deepEqual(parseCompactJws(text).header, cardHeader);
});

const der = sign('sha256', Buffer.from(`${headerPart}.${payloadPart}`), privateKey).toString('base64url');
for (const [fault, text, code] of [
  ['an empty text', '', 'MALFORMED'],
  ['one part', headerPart, 'MALFORMED'],
  ['two parts', `${headerPart}.${payloadPart}`, 'MALFORMED'],
  ['four parts', `${token}.`, 'MALFORMED'],
  ['six parts', `${token}.a.b.c`, 'MALFORMED'],
  ['five parts, a JWE', `${headerPart}..AAAA.AAAA.AAAA`, 'UNSUPPORTED_FORMAT'],
  ['a space before', ` ${token}`, 'MALFORMED'],
  ['a line feed behind', `${token}\n`, 'MALFORMED'],
  ['a padded signature', `${token}==`, 'MALFORMED'],
  ['loose bits in the signature', token.replace(/.$/, (last) => (last === 'Q' ? 'R' : 'B')), 'MALFORMED'],
  ['no signature', `${headerPart}.${payloadPart}.`, 'MALFORMED'],
  ['a DER signature', `${headerPart}.${payloadPart}.${der}`, 'MALFORMED'],
  ['a signature of 63 bytes', `${headerPart}.${payloadPart}.${'A'.repeat(84)}`, 'MALFORMED'],
  ['a signature of 65 bytes', `${headerPart}.${payloadPart}.${'A'.repeat(87)}`, 'MALFORMED'],
  ['a text longer than any card', 'A'.repeat(MAX_JWS_CHARS + 1), 'TOO_LARGE'],
  ['a header that is no JSON', withHeader('alg=ES256'), 'MALFORMED'],
  ['a header that is an array', withHeader('["ES256"]'), 'MALFORMED'],
  ['a header with a byte order mark', withHeader(`\ufeff{"alg":"ES256","kid":"${kid}"}`), 'MALFORMED'],
  ['alg twice', withHeader(`{"alg":"none","alg":"ES256","kid":"${kid}"}`), 'MALFORMED'],
  [
    'alg twice, once in escapes',
    withHeader(`{"alg":"none","\\u0061lg":"ES256","kid":"${kid}"}`),
    'MALFORMED',
  ],
  ['no alg', withHeader(`{"kid":"${kid}"}`), 'MALFORMED'],
  ['an alg that is no text', withHeader(`{"alg":["ES256"],"kid":"${kid}"}`), 'MALFORMED'],
  ['alg none', withHeader(`{"alg":"none","kid":"${kid}"}`), 'UNSUPPORTED_FORMAT'],
  ['alg HS256', withHeader(`{"alg":"HS256","kid":"${kid}"}`), 'UNSUPPORTED_FORMAT'],
  ['alg ES384', withHeader(`{"alg":"ES384","kid":"${kid}"}`), 'UNSUPPORTED_FORMAT'],
  ['alg in small letters', withHeader(`{"alg":"es256","kid":"${kid}"}`), 'UNSUPPORTED_FORMAT'],
  ['no kid', withHeader('{"alg":"ES256"}'), 'MALFORMED'],
  ['a kid that is no text', withHeader('{"alg":"ES256","kid":1}'), 'MALFORMED'],
  ['another compression', withHeader(`{"alg":"ES256","kid":"${kid}","zip":"GZ"}`), 'UNSUPPORTED_FORMAT'],
  ['a zip that is null', withHeader(`{"alg":"ES256","kid":"${kid}","zip":null}`), 'MALFORMED'],
  ['a typ that is no text', withHeader(`{"alg":"ES256","kid":"${kid}","typ":1}`), 'MALFORMED'],
  ['a cty that is no text', withHeader(`{"alg":"ES256","kid":"${kid}","cty":{}}`), 'MALFORMED'],
] as const) {
  test(`${fault} is refused as ${code}`, () => {
    assert.throws(() => parseCompactJws(text), refusal(code));
  });
}

for (const member of [
  '"crit":["exp"]',
  '"crit":[]',
  '"b64":false',
  '"b64":true',
  '"jwk":{}',
  '"jku":"https://a.example"',
  '"x5u":null',
]) {
  test(`a header with ${member} is refused`, () => {
    const text = withHeader(`{"alg":"ES256","kid":"${kid}","zip":"DEF",${member}}`);
    assert.throws(() => parseCompactJws(text), refusal('UNSUPPORTED_FORMAT'));
  });
}

test('a card at the cap of inflation, compressed or not, is not too long', () => {
  const jws = encodeCompactJws(
    encodeSigningInput(cardHeader, new Uint8Array(MAX_CARD_BYTES)),
    new Uint8Array(64),
  );
  assert.equal(parseCompactJws(jws).payload.length, MAX_CARD_BYTES);
});

test('a signature of another length is not encoded', () => {
  assert.throws(() => encodeCompactJws('a.b', new Uint8Array(63)), refusal('MALFORMED'));
});

test('the header of a card is taken, with a harmless typ or none', () => {
  assertCardHeader(cardHeader);
  assertCardHeader({ ...cardHeader, typ: 'JWT', cty: 'anything' });
});

for (const [fault, header, code] of [
  ['that is not compressed', { alg: 'ES256', kid }, 'MALFORMED'],
  ['with a kid of 42 characters', { ...cardHeader, kid: kid.slice(1) }, 'MALFORMED'],
  ['with a kid of 44 characters', { ...cardHeader, kid: `${kid}A` }, 'MALFORMED'],
  ['with a kid of other characters', { ...cardHeader, kid: kid.replace('-', '+') }, 'MALFORMED'],
  ['with a kid and a line feed', { ...cardHeader, kid: `${kid}\n` }, 'MALFORMED'],
  ['with a kid in a DID', { ...cardHeader, kid: `did:web:a.example#${kid}` }, 'MALFORMED'],
  ['that says it is a VC', { ...cardHeader, typ: 'vc+jwt' }, 'UNSUPPORTED_FORMAT'],
  ['that says it is trust data', { ...cardHeader, typ: 'pratique-trust+jws' }, 'UNSUPPORTED_FORMAT'],
  ['that says it is an SD-JWT', { ...cardHeader, typ: 'dc+sd-jwt' }, 'UNSUPPORTED_FORMAT'],
  ['that says it is a presentation', { ...cardHeader, typ: 'application/VP+JWT' }, 'UNSUPPORTED_FORMAT'],
] as const) {
  test(`a card header ${fault} is refused`, () => {
    assert.throws(() => assertCardHeader(header), refusal(code));
  });
}

for (const [kind, header, form] of [
  ['vc+jwt', vcHeader, 'vc+jwt'],
  ['vc+jwt without cty', { alg: 'ES256', kid: vcHeader.kid, typ: 'vc+jwt' }, 'vc+jwt'],
  ['the full media type', { ...vcHeader, typ: 'application/VC+jwt' }, 'vc+jwt'],
  ['JWT', { alg: 'ES256', kid: vcHeader.kid, typ: 'JWT' }, 'vc-jwt'],
  ['none', { alg: 'ES256', kid: vcHeader.kid }, 'vc-jwt'],
] as const) {
  test(`a VC header with typ ${kind} is one of form ${form}`, () => {
    assert.deepEqual(assertVcHeader(header), { form, did: 'did:web:a.example', thumbprint: kid });
  });
}

for (const [fault, header, code] of [
  ['of a presentation', { ...vcHeader, typ: 'vp+jwt' }, 'UNSUPPORTED_FORMAT'],
  ['of a presentation without cty', { alg: 'ES256', kid: vcHeader.kid, typ: 'vp+jwt' }, 'UNSUPPORTED_FORMAT'],
  ['of an SD-JWT', { ...vcHeader, typ: 'vc+sd-jwt' }, 'UNSUPPORTED_FORMAT'],
  ['of other content', { ...vcHeader, cty: 'vp' }, 'UNSUPPORTED_FORMAT'],
  ['of a nested JWT', { ...vcHeader, typ: 'JWT', cty: 'JWT' }, 'UNSUPPORTED_FORMAT'],
  ['of another DID method', { ...vcHeader, kid: `did:key:zDn#${kid}` }, 'UNSUPPORTED_FORMAT'],
  ['that is compressed', { ...vcHeader, zip: 'DEF' }, 'MALFORMED'],
  ['with a kid without DID', { ...vcHeader, kid }, 'MALFORMED'],
  ['with a kid with an empty DID', { ...vcHeader, kid: `#${kid}` }, 'MALFORMED'],
  ['with a kid without thumbprint', { ...vcHeader, kid: 'did:web:a.example' }, 'MALFORMED'],
  ['with a kid with another fragment', { ...vcHeader, kid: 'did:web:a.example#key-1' }, 'MALFORMED'],
  ['with two fragments', { ...vcHeader, kid: `did:web:a.example#${kid}#${kid}` }, 'MALFORMED'],
] as const) {
  test(`a VC header ${fault} is refused`, () => {
    assert.throws(() => assertVcHeader(header), refusal(code));
  });
}

test(
  'the official examples verify with their published keys and hold their published payloads',
  { skip: dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false },
  async () => {
    const folder = `${dataDir}/shc-examples`;
    const jwks = JSON.parse(readFileSync(`${folder}/issuer/.well-known/jwks.json`, 'utf8')) as {
      keys: unknown[];
    };
    const keys = new Map(jwks.keys.map(parseIssuerJwk).map((jwk) => [jwk.kid, importEs256Key(jwk)]));
    for (const n of ['00', '01', '02', '03']) {
      const jws = parseCompactJws(readFileSync(`${folder}/example-${n}-d-jws.txt`, 'utf8'));
      assertCardHeader(jws.header);
      const verifyExample = keys.get(jws.header.kid);
      assert.ok(verifyExample);
      const verified = await verifyJws(jws, verifyExample);
      assert.ok(verified);
      const published = new Uint8Array(readFileSync(`${folder}/example-${n}-c-jws-payload-minified.json`));
      assert.deepEqual(inflateRaw(verified.payload, MAX_CARD_BYTES), published);
    }
  },
);

test('node:crypto agrees that the signed bytes are the text before the second dot', () => {
  const { signingInput, signature } = parseCompactJws(token);
  assert.equal(
    verify('sha256', signingInput, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature),
    true,
  );
});
