import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { withoutChromium } from '../../support/chromium.ts';
import { enterDesk, findPerson } from './desk-fixture.ts';
import { fullDesk, speak, view } from './full-desk.ts';

/** Where `npm run pictures` wants them. */
const PICTURES = process.env['PRATIQUE_PICTURES'];
const GUIDE = new URL('../../../docs/desk.md', import.meta.url);

test('the guide shows the desk as it is, step by step', { skip: withoutChromium }, async (t) => {
  const guide = await readFile(GUIDE, 'utf8');
  const wanted = Array.from(guide.matchAll(/\]\(pictures\/(desk-[\w-]+)\.png\)/g), ([, name = '']) => name);
  const taken: string[] = [];
  const desk = await fullDesk(t);
  const page = await desk.open({ width: 1280, height: 800 });
  const take = async (name: string): Promise<void> => {
    taken.push(name);
    await settled(page);
    if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  };
  await page.goto(`${desk.url}/desk`);
  await take('desk-sign-in');
  await enterDesk(page, desk.url, desk.key);
  await findPerson(page, { family: 'Ferreira Soto', given: 'Marisol', born: '1984-06-19' });
  await page.getByRole('table', { name: 'Products' }).waitFor();
  await take('desk-record');
  await page.getByRole('button', { name: 'Issue: PCR Test Pass Plus', exact: true }).click();
  await page.getByRole('img', { name: 'QR code' }).waitFor();
  await take('desk-card');
  await page.getByRole('button', { name: 'Done' }).click();
  await page
    .getByRole('button', { name: /^Revoke/ })
    .first()
    .click();
  await take('desk-revoke');
  await page.keyboard.press('Escape');
  await view(page, 'Corrections');
  await page.locator('.result').first().click();
  await page.getByRole('button', { name: 'Take', exact: true }).click();
  await page.getByLabel('Outcome').waitFor();
  await take('desk-correction');
  await view(page, 'Bulk orders');
  await page.locator('.result').first().click();
  await page.getByText('Digest of the input').first().waitFor();
  await take('desk-order');
  await view(page, 'Audit log');
  await page.getByText('Card revoked').first().waitFor();
  await take('desk-audit');
  await view(page, 'Counters');
  await page.getByRole('table', { name: 'Steps of a retrieval' }).waitFor();
  await take('desk-counters');
  await page.setViewportSize({ width: 375, height: 812 });
  await speak(page, 'zh-Hant');
  await view(page, '民眾資料');
  await take('desk-phone');
  assert.deepEqual(taken.toSorted(), wanted.toSorted(), 'the guide shows each of them');
});

/** Once what was said in passing is gone. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const toast of document.querySelectorAll('.toast')) toast.textContent = '';
  });
}
