import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { openChromium, withoutChromium } from '../../support/chromium.ts';
import { mintPass, NOW } from '../../support/cards.ts';
import { ARENA, issuer, trustWith, verifier } from '../../support/asking.ts';
import { serveSite } from '../../support/site.ts';
import { post, served, venueWith } from '../../verifier/node/http/venues.ts';

test(
  'in Chromium a holder reads who asks, consents, answers a node of another origin once, and keeps a receipt',
  { skip: withoutChromium },
  async (t) => {
    const { requests } = verifier();
    const node = await served(t, venueWith(trustWith()), { requests });
    const site = await serveSite(fileURLToPath(new URL('.', import.meta.url)), {}, [node]);
    t.after(() => site.close());
    const browser = await openChromium();
    t.after(() => browser.close());
    const page = await browser.context.newPage();
    await page.goto(`${site.origin}/`);
    await page.waitForFunction(() => globalThis.askingPage !== undefined);

    const holder = (await page.evaluate(() => globalThis.askingPage?.begin())) ?? '';
    const text = encodeCardUri(mintPass(issuer, { holder }), 'pratique');
    const added = await page.evaluate(
      ({ card, document, now }) => globalThis.askingPage?.add(card, document, now),
      { card: text, document: trustWith([ARENA]).document, now: NOW },
    );
    assert.equal(added, 'kept');

    const { id, request } = (await (await post(`${node}/requests`, {})).json()) as {
      id: string;
      request: string;
    };
    const read = (): Promise<unknown> => page.evaluate((code) => globalThis.askingPage?.read(code), request);
    assert.deepEqual(await read(), ['known', 'Arena of Nowhere', 'Entry to the concert', 1, 'false']);
    const code = await page.evaluate(() => globalThis.askingPage?.answer());
    assert.equal(await page.evaluate(() => globalThis.askingPage?.send()), 'taken');
    const { answer } = (await (await fetch(`${node}/requests/${id}`)).json()) as {
      answer: { codes: unknown };
    };
    assert.deepEqual(answer.codes, ['VALID']);

    assert.equal(await page.evaluate(() => globalThis.askingPage?.send()), 'refused');
    const again = (await (await post(`${node}/presentations`, { answer: code })).json()) as {
      codes: unknown;
    };
    assert.deepEqual(again.codes, ['HOLDER_NOT_PROVEN']);
    assert.deepEqual(await read(), ['known', 'Arena of Nowhere', 'Entry to the concert', 1, 'true']);
    assert.equal(await page.evaluate(() => globalThis.askingPage?.answer()), 'REQUEST_ANSWERED');
    assert.deepEqual(await page.evaluate(() => globalThis.askingPage?.receipts()), [
      'Arena of Nowhere, Entry to the concert, pass, vaccination',
    ]);
    const origins = new Set(browser.requested.map((address) => new URL(address).origin));
    assert.deepEqual([...origins].toSorted(), [site.origin, node].toSorted());
  },
);
