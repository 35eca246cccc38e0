import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutChromium } from '../../support/chromium.ts';
import { enterDesk, findPerson, serveDesk, watchedBrowser } from './desk-fixture.ts';

test('a clerk signs in, finds a person, issues, and revokes', { skip: withoutChromium }, async (t) => {
  const desk = await serveDesk(t);
  const { complaints, open } = await watchedBrowser(t);
  const key = await desk.keyFor('Rosa at desk 3', 'issue', 'revoke', 'records', 'audit');
  const page = await open();
  await enterDesk(page, desk.url, key);
  await page.screenshot({ path: '/tmp/h10-D-shots/1.png' });
  await findPerson(page, { family: 'ferreira soto', given: 'MARISOL', born: '19840619' });
  await page.getByRole('heading', { name: 'Marisol' }).waitFor();
  await page.getByRole('button', { name: 'Issue: Vaccination Pass', exact: true }).waitFor();
  await page.screenshot({ path: '/tmp/h10-D-shots/2.png' });
  await page.getByRole('button', { name: 'Issue: Vaccination Pass', exact: true }).click();
  await page.getByRole('img', { name: 'QR code' }).waitFor();
  await page.screenshot({ path: '/tmp/h10-D-shots/3.png' });
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: /Revoke/ }).click();
  await page.getByLabel('Reason').selectOption('error');
  await page.screenshot({ path: '/tmp/h10-D-shots/4.png' });
  await page.getByRole('button', { name: 'Revoke for good' }).click();
  await page.getByText('The card').waitFor();
  await page.screenshot({ path: '/tmp/h10-D-shots/5.png' });
  assert.deepEqual(complaints, []);
});
