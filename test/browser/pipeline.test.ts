import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { encodeBase64url } from '../../credential/base64url.ts';
import { renderQrPng } from '../../credential/qr.ts';
import { encodeCardUri } from '../../credential/shc-uri.ts';
import { mintCard, newKey } from '../support/cards.ts';
import { openChromium, withoutChromium, type FreshBrowser } from '../support/chromium.ts';
import { serveSite, type Site } from '../support/site.ts';
import { readTrustJson, readVectors } from '../support/vector-files.ts';
import { comparable } from '../support/vectors.ts';
import type { Answers, PageCases } from './cases.ts';

const vectors = await readVectors();
const names = new Set(
  vectors.map(({ trust }) => trust).filter((trust) => !/^(?:missing|invalid)$/.test(trust)),
);
const jws = mintCard(newKey());

let site: Site | undefined;
let browser: FreshBrowser | undefined;
let answers: Answers | undefined;
const complaints: string[] = [];

before(async () => {
  if (withoutChromium !== false) return;
  const trusts = await Promise.all(
    [...names].map(async (name) => [name, await readTrustJson(name)] as const),
  );
  const cases: PageCases = {
    vectors,
    trusts: Object.fromEntries(trusts),
    picture: encodeBase64url(await renderQrPng(jws, 'shc')),
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

describe('Chromium answers each vector as it is written', { skip: withoutChromium }, () => {
  for (const { name, why, expect } of vectors) {
    test(name, () => {
      assert.deepEqual(comparable(answers?.decisions[name] ?? [], expect), comparable(expect), why);
    });
  }
});

test('the page decided every vector, files and pictures among them', { skip: withoutChromium }, () => {
  assert.equal(Object.keys(answers?.decisions ?? {}).length, vectors.length);
});

test(
  'it reads the QR code in a picture with the wasm that is served with it',
  { skip: withoutChromium },
  () => {
    assert.deepEqual(answers?.inPicture, [encodeCardUri(jws, 'shc')]);
  },
);

test('nothing left this machine, and the page kept to its policy', { skip: withoutChromium }, () => {
  const origins = new Set(browser?.requested.map((address) => new URL(address).origin));
  assert.deepEqual([...origins], [site?.origin]);
  assert.deepEqual(answers?.violations, []);
  assert.deepEqual(complaints, []);
});
