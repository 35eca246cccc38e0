import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeBase64url, encodeBase64url } from '../../../credential/base64url.ts';
import { openBundle, signBundle } from '../../../verifier/node/bundle.ts';
import { MAX_BUNDLE_BYTES } from '../../../verifier/pipeline/trust-bundle.ts';
import { oneTimeExporterKey } from '../../../verifier/node/exporter-key.ts';
import { mintCard, mintJws, newKey, trustDocument, trustedKey, utf8 } from '../../support/cards.ts';

const exporter = oneTimeExporterKey();
const document = trustDocument({ keys: [trustedKey(newKey())] });
const bundle = signBundle(document, exporter);
const TYPE = 'pratique-trust+jws';

async function refuses(
  text: string,
  code: 'BUNDLE_MALFORMED' | 'BUNDLE_SIGNATURE_INVALID' | 'DOCUMENT_MALFORMED',
): Promise<void> {
  await assert.rejects(openBundle(text, { exporter: exporter.kid }), { name: 'TrustError', code });
}

test('a bundle opens to the document that was signed and names its exporter', async () => {
  assert.deepEqual(await openBundle(bundle), {
    document,
    exporterKid: exporter.kid,
    exporterKey: { x: exporter.x, y: exporter.y },
    pinned: false,
    anchored: false,
  });
});

test('only the exporter that was named is pinned', async () => {
  assert.equal((await openBundle(bundle, { exporter: exporter.kid })).pinned, true);
  for (const kid of [oneTimeExporterKey().kid, '', exporter.kid.slice(1), undefined]) {
    assert.equal((await openBundle(bundle, { exporter: kid })).pinned, false);
  }
});

test('what is pinned is anchored if it was taken from a chain, and else not', async () => {
  const untied = signBundle(trustDocument({ source: { kind: 'unanchored', origin: 'a test' } }), exporter);
  for (const [text, isAnchored] of [
    [bundle, true],
    [untied, false],
  ] as const) {
    const { pinned, anchored } = await openBundle(text, { exporter: exporter.kid });
    assert.deepEqual([pinned, anchored], [true, isAnchored]);
  }
});

test('the header says what it is: ES256, the type, the kid, and nothing else', () => {
  const [header = ''] = bundle.split('.');
  assert.deepEqual(JSON.parse(new TextDecoder().decode(decodeBase64url(header))), {
    alg: 'ES256',
    kid: exporter.kid,
    typ: TYPE,
  });
});

test('a bundle with any character changed is refused', async () => {
  for (let at = 0; at < bundle.length; at += 1) {
    const other = bundle.charAt(at) === 'A' ? 'B' : 'A';
    await assert.rejects(
      openBundle(bundle.slice(0, at) + other + bundle.slice(at + 1)),
      (error: { code: string }) => ['BUNDLE_MALFORMED', 'BUNDLE_SIGNATURE_INVALID'].includes(error.code),
    );
  }
});

test('a bundle that is cut short or followed by anything is refused', async () => {
  const cut = [0, 1, 100, bundle.length - 2, bundle.length - 1].map((length) => bundle.slice(0, length));
  const longer = ['\n', ' ', '=', '.', 'A', '.AAAA'].map((more) => bundle + more);
  for (const text of [...cut, ...longer, `\n${bundle}`]) {
    await assert.rejects(openBundle(text), ({ code }: { code: string }) =>
      ['BUNDLE_MALFORMED', 'BUNDLE_SIGNATURE_INVALID'].includes(code),
    );
  }
});

test("another exporter's signature over the same payload is refused", async () => {
  const thief = oneTimeExporterKey();
  const [header = '', payload = ''] = bundle.split('.');
  const signature = thief.sign(utf8(`${header}.${payload}`));
  await refuses(`${header}.${payload}.${encodeBase64url(signature)}`, 'BUNDLE_SIGNATURE_INVALID');
});

test('a bundle that names a kid that is not its key is refused', async () => {
  const signer = newKey();
  const payload = utf8(JSON.stringify({ exporter: { x: signer.x, y: signer.y }, document }));
  await refuses(mintJws(signer, payload, { typ: TYPE, kid: exporter.kid }), 'BUNDLE_MALFORMED');
  assert.equal((await openBundle(mintJws(signer, payload, { typ: TYPE }))).exporterKid, signer.kid);
});

test('a card, and a JWS of another type or compression, is no bundle', async () => {
  const signer = newKey();
  const payload = utf8(JSON.stringify({ exporter: { x: signer.x, y: signer.y }, document }));
  await refuses(mintCard(signer), 'BUNDLE_MALFORMED');
  await refuses(mintJws(signer, payload), 'BUNDLE_MALFORMED');
  await refuses(mintJws(signer, payload, { typ: 'vc+jwt' }), 'BUNDLE_MALFORMED');
  await refuses(mintJws(signer, payload, { typ: TYPE, zip: 'DEF' }), 'BUNDLE_MALFORMED');
  await refuses(mintJws(signer, payload, { typ: TYPE, cty: 'x' }), 'BUNDLE_MALFORMED');
});

test('a payload of another shape is refused', async () => {
  const signer = newKey();
  const own = { x: signer.x, y: signer.y };
  for (const payload of [
    [],
    null,
    {},
    { document },
    { exporter: own },
    { exporter: null, document },
    { exporter: { x: own.x }, document },
    { exporter: { x: own.x, y: 5 }, document },
    { exporter: own, document, more: 1 },
  ]) {
    await refuses(mintJws(signer, utf8(JSON.stringify(payload)), { typ: TYPE }), 'BUNDLE_MALFORMED');
  }
  const twice = `{"exporter":${JSON.stringify(own)},"document":{},"document":${JSON.stringify(document)}}`;
  await refuses(mintJws(signer, utf8(twice), { typ: TYPE }), 'BUNDLE_MALFORMED');
});

test('a document of the wrong shape behind a good signature is DOCUMENT_MALFORMED', async () => {
  await refuses(signBundle({ ...document, takenAt: -1 }, exporter), 'DOCUMENT_MALFORMED');
});

test('a text over 64 MB is refused before it is read', async () => {
  await refuses('A'.repeat(MAX_BUNDLE_BYTES + 1), 'BUNDLE_MALFORMED');
});

test('a bundle larger than any card opens', async () => {
  const keys = Array.from({ length: 2000 }, () => trustedKey(newKey()));
  const large = signBundle(trustDocument({ keys }), exporter);
  assert.ok(large.length > 500_000);
  assert.equal((await openBundle(large)).document.keys.length, 2000);
});
