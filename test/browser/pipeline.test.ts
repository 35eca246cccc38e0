import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { encodeBase64url } from '../../credential/base64url.ts';
import { thumbprint } from '../../credential/jwk.ts';
import { renderQrPng } from '../../credential/qr.ts';
import { encodeCardUri } from '../../credential/shc-uri.ts';
import { StatusList } from '../../credential/status-list.ts';
import type { Code } from '../../verifier/pipeline/decision.ts';
import {
  anchoredBits,
  mintCard,
  mintJws,
  mintPass,
  newKey,
  NOW,
  trustDocument,
  trustedKey,
} from '../support/cards.ts';
import { openChromium, withoutChromium, type FreshBrowser } from '../support/chromium.ts';
import { serveSite, type Site } from '../support/site.ts';
import type { Answers, PageCases } from './cases.ts';

const [key, revoking, stranger] = [newKey(), newKey(), newKey()];
const off = { x: key.x, y: key.x };
const offCurve = { ...key, ...off, kid: thumbprint(off) };
const list = new StatusList(1);
list.set(7, true);
const { data, anchor } = anchoredBits(revoking, list);
const good = mintCard(key);
const signed = encodeBase64url(revoking.sign(new Uint8Array()));

const trusts: PageCases['trusts'] = {
  held: {
    anchored: true,
    document: trustDocument({
      keys: [trustedKey(key), trustedKey(revoking, { revocation: 'bits' })],
      anchors: [anchor],
      lists: [data],
    }),
  },
  'of a key off the curve': {
    anchored: true,
    document: trustDocument({ keys: [trustedKey(offCurve)] }),
  },
  none: 'missing',
};

/** One of each way that the platform can answer differently: ES256, DEFLATE, base64url, JSON, gzip, key import. */
const EXPECTED: readonly (readonly [name: string, text: string, trust: string, codes: readonly Code[]])[] = [
  ['a good card', good, 'held', ['VALID']],
  ['a good pass with a place in a status list', mintPass(revoking), 'held', ['VALID']],
  ['a revoked pass', mintPass(revoking, { rid: 'AAAABw' }), 'held', ['REVOKED']],
  ['an index beyond the list', mintPass(revoking, { rid: '_____w' }), 'held', ['STATUS_STALE']],
  [
    'another signature',
    `${good.slice(0, good.lastIndexOf('.') + 1)}${signed}`,
    'held',
    ['SIGNATURE_INVALID'],
  ],
  ['a key that nobody trusts', mintCard(stranger), 'held', ['ISSUER_UNKNOWN']],
  ['a card cut short', good.slice(0, -1), 'held', ['MALFORMED']],
  ['a bomb', mintJws(key, deflateRawSync(Buffer.alloc(2 ** 23)), { zip: 'DEF' }), 'held', ['TOO_LARGE']],
  ['corrupt DEFLATE', mintJws(key, Uint8Array.of(7, 7, 7), { zip: 'DEF' }), 'held', ['MALFORMED']],
  ['JSON cut short', mintJws(key, deflateRawSync('{"iss":'), { zip: 'DEF' }), 'held', ['MALFORMED']],
  ['a trusted key off the curve', mintCard(offCurve), 'of a key off the curve', ['TRUST_INVALID']],
  ['no trust data', good, 'none', ['TRUST_MISSING']],
];

const origins = (addresses: readonly string[]): string[] => [
  ...new Set(addresses.map((address) => new URL(address).origin)),
];

let site: Site | undefined;
let browser: FreshBrowser | undefined;
let answers: Answers | undefined;
const complaints: string[] = [];

before(async () => {
  if (withoutChromium !== false) return;
  const cases: PageCases = {
    trusts,
    cases: EXPECTED.map(([name, text, trust]) => ({
      name,
      evidence: { text },
      trust,
      terms: { now: NOW, allowUnanchored: false, rules: 'none' },
    })),
    picture: encodeBase64url(await renderQrPng(good, 'shc')),
  };
  site = await serveSite(fileURLToPath(new URL('.', import.meta.url)), {
    'cases.json': JSON.stringify(cases),
  });
  browser = await openChromium();
  const page = await browser.context.newPage();
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (line) => complaints.push(line.text()));
  await page.goto(`${site.origin}/`);
  answers = await page.evaluate(() => globalThis.answers);
});

after(async () => {
  await browser?.close();
  await site?.close();
});

for (const [name, , , codes] of EXPECTED) {
  test(`in Chromium, ${name} answers ${codes.join(', ')}`, { skip: withoutChromium }, () => {
    assert.deepEqual(answers?.decisions[name]?.codes, codes);
  });
}

test(
  'the page reads the QR code in a picture with the wasm that is served with it',
  { skip: withoutChromium },
  () => {
    assert.deepEqual(answers?.inPicture, [encodeCardUri(good, 'shc')]);
  },
);

test('nothing left this machine, and the page kept to its policy', { skip: withoutChromium }, () => {
  assert.deepEqual(origins(browser?.requested ?? []), [site?.origin]);
  assert.deepEqual(answers?.violations, []);
  assert.deepEqual(complaints, []);
});
