import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { loadQrWasm } from '../../../credential/qr-reader-node.ts';
import { readQrCodes } from '../../../credential/qr-reader.ts';
import { IssuerError } from '../../../agent/issuer-error.ts';
import type { RecordSource } from '../../../agent/records/record-source.ts';
import { accessTokens } from '../../../agent/service/access-token.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { NOW } from '../issuer-fixture.ts';
import { codesOf } from './card-decision.ts';
import { enterDesk, findPerson, PEOPLE, serveDesk, watchedBrowser } from './desk-fixture.ts';

const MARISOL = { family: 'ferreira soto', given: 'MARISOL', born: '19840619' };
const ISSUE_PASS = { name: 'Issue: Vaccination Pass', exact: true } as const;

const revoke = async (page: Page, reason: string): Promise<void> => {
  await page
    .getByRole('button', { name: /^Revoke/ })
    .first()
    .click();
  await page.getByRole('dialog').getByLabel('Reason').selectOption(reason);
  await page.getByRole('button', { name: 'Revoke for good' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
};

test(
  'a clerk finds a person and issues; the code on the screen is what venues accept, until it is revoked',
  { skip: withoutChromium },
  async (t) => {
    const desk = await serveDesk(t);
    const { browser, complaints, open } = await watchedBrowser(t);
    const page = await open();
    await enterDesk(page, desk.url, await desk.keyFor('Rosa at desk 3', 'issue', 'revoke', 'records'));
    await findPerson(page, MARISOL);
    await page.getByRole('button', ISSUE_PASS).click();
    const picture = page.getByRole('img', { name: 'QR code' });
    await picture.waitFor();
    const [text = ''] = await readQrCodes(await picture.screenshot(), loadQrWasm);
    assert.match(text, /^pratique:\/\d+$/);
    assert.deepEqual(await codesOf(desk.issuer, text), ['VALID']);
    await page.emulateMedia({ media: 'print' });
    // 60 mm at 96 pixels an inch, beside the name, and nothing else of the page.
    const printed = await page.locator('.qr').boundingBox();
    assert.equal(Math.round(printed?.width ?? 0), Math.round((60 / 25.4) * 96));
    assert.equal(await page.locator('.sheet bdi').first().isVisible(), true);
    for (const part of ['nav', '.top', '.search', '.results', '.sheet button', 'h1']) {
      assert.equal(await page.locator(part).first().isVisible(), false, part);
    }
    await page.emulateMedia({ media: 'screen' });
    await page.getByRole('button', { name: 'Done' }).click();
    await revoke(page, 'error');
    await page.getByText('What it says is wrong').waitFor();
    await desk.issuer.anchored(desk.kid, desk.issuer.statusList(desk.kid));
    assert.deepEqual(await codesOf(desk.issuer, text), ['REVOKED']);

    // Nothing left this machine, and nothing that was typed or given stands in an address.
    assert.deepEqual([...new Set(browser.requested.map((address) => new URL(address).origin))], [desk.url]);
    assert.doesNotMatch(browser.requested.join('\n'), /pratique_|erreira|1984|\?/i);
    assert.deepEqual(complaints, []);
  },
);

test(
  'who has a card of the product gets another in its place, and is told so before',
  { skip: withoutChromium },
  async (t) => {
    const desk = await serveDesk(t);
    const { open } = await watchedBrowser(t);
    const page = await open();
    await enterDesk(page, desk.url, await desk.keyFor('Rosa', 'issue', 'records'));
    await findPerson(page, MARISOL);
    await page.getByRole('button', ISSUE_PASS).click();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Issue anew: Vaccination Pass', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('revoked for good').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.equal(desk.issuer.issuedCount(desk.kid), 1);
    await page.getByRole('button', { name: 'Issue anew: Vaccination Pass', exact: true }).click();
    await dialog.getByRole('button', { name: /Issue anew/ }).click();
    await page.getByText('The old card is revoked.').waitFor();
    assert.equal(desk.issuer.issuedCount(desk.kid), 2);
    assert.equal(desk.issuer.statusList(desk.kid).revoked, 1);
  },
);

test(
  'two clicks are one card, and so is a second try after an answer that was lost',
  { skip: withoutChromium },
  async (t) => {
    const desk = await serveDesk(t);
    const { open } = await watchedBrowser(t);
    const page = await open();
    await enterDesk(page, desk.url, await desk.keyFor('Rosa', 'issue', 'records'));
    await findPerson(page, MARISOL);
    await page.getByRole('button', ISSUE_PASS).dblclick();
    await page.getByRole('img', { name: 'QR code' }).waitFor();
    assert.equal(desk.issuer.issuedCount(desk.kid), 1);
    await page.getByRole('button', { name: 'Done' }).click();
    let lost = 0;
    await page.route('**/credentials/issue', async (route) => {
      if (lost++ > 0) return route.continue();
      await route.fetch();
      return route.abort();
    });
    const plus = page.getByRole('button', { name: 'Issue: PCR Test Pass Plus', exact: true });
    await plus.click();
    await page.getByRole('alert').getByText('did not answer').waitFor();
    assert.equal(desk.issuer.issuedCount(desk.kid), 2);
    await plus.click();
    await page.getByRole('img', { name: 'QR code' }).waitFor();
    assert.equal(desk.issuer.issuedCount(desk.kid), 2);
  },
);

test(
  'of somebody who is in no source that answered it is not said that there is nobody',
  { skip: withoutChromium },
  async (t) => {
    const down: RecordSource = {
      name: 'Vermont',
      find: async () => Promise.reject(new IssuerError('SOURCE_UNREACHABLE', 'no')),
    };
    const desk = await serveDesk(t, { sources: [down] });
    const { open } = await watchedBrowser(t);
    const page = await open();
    await enterDesk(page, desk.url, await desk.keyFor('Rosa', 'records'));
    await findPerson(page, { ...MARISOL, given: 'Nobody' });
    await page.getByText('Whether there is a record is open').waitFor();
    await page.locator('.notice').getByText('Vermont').waitFor();
    assert.equal(await page.getByText('Nobody of this name').count(), 0);
  },
);

test(
  'a record that does not qualify says why before anything is issued',
  { skip: withoutChromium },
  async (t) => {
    const desk = await serveDesk(t);
    const { open } = await watchedBrowser(t);
    const page = await open();
    await enterDesk(page, desk.url, await desk.keyFor('Rosa', 'issue', 'records'));
    await findPerson(page, { family: 'Okafor', given: 'Chidi', born: '1991-02-03' });
    await page.getByText('The primary series is not complete yet.').first().waitFor();
    await page.getByText('Doses that count: 1 of 2').first().waitFor();
    assert.equal(await page.getByRole('button', { name: /^Issue/ }).count(), 0);
    assert.equal(desk.issuer.issuedCount(desk.kid), 0);
  },
);

test(
  'a wrong key opens nothing, an empty one is not sent, and a key that is disabled is out at once',
  { skip: withoutChromium },
  async (t) => {
    const desk = await serveDesk(t);
    const { open } = await watchedBrowser(t);
    const page = await open();
    await page.goto(`${desk.url}/desk`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('Enter your key first.').waitFor();
    await page.getByLabel(/API key/).fill(`pratique_${'A'.repeat(12)}_${'A'.repeat(43)}`);
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('does not know this key').waitFor();
    assert.equal(await page.locator('nav').count(), 0);
    const key = await desk.keyFor('Rosa', 'records');
    await page.getByLabel(/API key/).fill(key);
    await page.keyboard.press('Enter');
    await page.locator('nav').waitFor();
    const { id } = desk.clients.all()[0] ?? assert.fail();
    await desk.clients.disable(id, Date.now() / 1000);
    await findPerson(page, MARISOL);
    await page.getByText('does not take your key any more').waitFor();
    assert.equal(await page.locator('nav').count(), 0);
    assert.equal((await page.content()).includes(key), false);
  },
);

test(
  'a key lives in the page alone: nothing is stored, a reload asks again, and so do ten minutes without a touch',
  { skip: withoutChromium },
  async (t) => {
    const desk = await serveDesk(t);
    const { browser, open } = await watchedBrowser(t);
    const page = await open();
    await page.clock.install();
    const key = await desk.keyFor('Rosa', 'records');
    await enterDesk(page, desk.url, key);
    const stored = await page.evaluate(() =>
      JSON.stringify([Object.keys(localStorage), Object.keys(sessionStorage), document.cookie]),
    );
    assert.equal(stored, '[[],[],""]');
    assert.deepEqual(await browser.context.cookies(), []);
    // A browser keeps pages to come back to, with all that their scripts hold.
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
    await page.getByText('The desk is locked').waitFor();
    await enterDesk(page, desk.url, key);
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in to the desk' }).waitFor();
    await enterDesk(page, desk.url, key);
    await findPerson(page, MARISOL);
    await page.getByRole('heading', { name: 'Marisol' }).waitFor();
    await page.clock.fastForward('09:55');
    await page.keyboard.press('Shift');
    await page.clock.fastForward('09:55');
    assert.equal(await page.locator('nav').count(), 1);
    await page.clock.fastForward('00:10');
    await page.getByText('Nobody touched the desk for ten minutes').waitFor();
    assert.doesNotMatch(await page.content(), /Ferreira/);
    assert.equal(await page.locator('dialog').count(), 0);
  },
);

test(
  'what somebody may not do is not shown, and it is said that it is not',
  { skip: withoutChromium },
  async (t) => {
    const desk = await serveDesk(t);
    const { open } = await watchedBrowser(t);
    const page = await open();
    await enterDesk(page, desk.url, await desk.keyFor('Looks only', 'records'));
    await page.getByText('What you may not do is not shown: issue cards, revoke cards').waitFor();
    assert.deepEqual(await page.locator('nav button').allTextContents(), [
      'People',
      'Cards',
      'Corrections',
      'Counters',
    ]);
    await desk.issuer.issueProduct('vaccination-pass', PEOPLE[0], { now: 1_795_435_200 });
    await findPerson(page, MARISOL);
    await page.getByText('Your key may not issue cards.').waitFor();
    assert.equal(await page.getByRole('button', { name: /^(?:Issue|Revoke)/ }).count(), 0);
  },
);

test('an access token opens what it is for, and no more', { skip: withoutChromium }, async (t) => {
  const desk = await serveDesk(t);
  const { open } = await watchedBrowser(t);
  await desk.keyFor('Hospital', 'issue', 'records', 'audit');
  const { id } = desk.clients.all()[0] ?? assert.fail();
  const tokens = accessTokens(desk.issuer.service.box.accessKey, desk.issuer.iss, desk.clients);
  const page = await open();
  await enterDesk(page, desk.url, await tokens.make(id, ['audit'], NOW));
  assert.deepEqual(await page.locator('nav button').allTextContents(), [
    'Bulk orders',
    'Audit log',
    'Counters',
  ]);
});

test('a page of the desk may do nothing but run itself', { skip: withoutChromium }, async (t) => {
  const { url } = await serveDesk(t);
  const response = await fetch(`${url}/desk`);
  const policy = response.headers.get('content-security-policy') ?? '';
  for (const part of [
    "default-src 'none'",
    "script-src 'self'",
    "require-trusted-types-for 'script'",
    "frame-ancestors 'none'",
    "form-action 'none'",
  ]) {
    assert.ok(policy.split('; ').includes(part), part);
  }
  assert.doesNotMatch(policy, /unsafe|data:|blob:|http/);
  assert.equal(response.headers.get('x-frame-options'), 'DENY');
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.match(response.headers.get('permissions-policy') ?? '', /camera=\(\)/);
  const html = await response.text();
  assert.doesNotMatch(html, /<script(?![^>]* src=)|<style|\son\w+=|style=/);
  const { open } = await watchedBrowser(t);
  const page = await open();
  await page.goto(`${url}/desk`);
  const outcome = await page.evaluate(() => {
    const tries: Record<string, () => unknown> = {
      markup: () => (document.body.innerHTML = '<b>x</b>'),
      script: () => (document.createElement('script').text = 'x'),
      policy: () =>
        (
          globalThis as unknown as {
            trustedTypes: { createPolicy: (name: string, rules: object) => unknown };
          }
        ).trustedTypes.createPolicy('default', {}),
    };
    return Object.entries(tries).map(([name, run]) => {
      try {
        run();
        return `${name} went through`;
      } catch (error) {
        return `${name} ${(error as Error).name}`;
      }
    });
  });
  assert.deepEqual(outcome, ['markup TypeError', 'script TypeError', 'policy TypeError']);
});

test('the files of the page are those that its modules import, told apart by their tags, and nothing beside them', async (t) => {
  const { url } = await serveDesk(t);
  const html = await (await fetch(`${url}/desk`)).text();
  const paths = Array.from(html.matchAll(/(?:src|href)="(desk\/[^"]+)"/g), ([, path = '']) => path);
  assert.ok(paths.length > 20);
  for (const path of new Set(paths)) {
    const response = await fetch(`${url}/${path}`);
    assert.equal(response.status, 200, path);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff', path);
    const body = await response.text();
    if (path.endsWith('.ts')) assert.match(response.headers.get('content-type') ?? '', /^text\/javascript/);
    for (const [, imported = ''] of body.matchAll(/from '(\.{1,2}\/[^']+)'/g)) {
      const address = new URL(imported, `${url}/${path}`).href.slice(url.length + 1);
      assert.ok(paths.includes(address), `${path} imports ${imported}`);
    }
    const tag = response.headers.get('etag') ?? '';
    const again = await fetch(`${url}/${path}`, { headers: { 'If-None-Match': tag } });
    assert.equal(again.status, 304, path);
  }
  for (const path of [
    'desk/',
    'desk/agent/desk/../service/app.ts',
    'desk/agent/service/app.ts',
    'desk/..%2f..%2fpackage.json',
    'desk/agent%2fdesk%2fmain.ts',
    'desk/package.json',
    'desk/agent/desk/words/code-table.ts',
    'Desk',
  ]) {
    assert.equal((await fetch(`${url}/${path}`)).status, 404, path);
  }
  assert.equal((await fetch(`${url}/desk`, { method: 'POST' })).status, 405);
  const source = await readFile(new URL('../../../agent/desk/service.ts', import.meta.url), 'utf8');
  assert.doesNotMatch(source, /Storage|cookie =/);
});
