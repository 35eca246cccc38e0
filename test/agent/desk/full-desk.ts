import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import type { Language } from '../../../verifier/pipeline/words/language.ts';
import { vaccinated } from '../service/service-fixture.ts';
import { PEOPLE, serveDesk, watchedBrowser, type DeskFixture, type Watched } from './desk-fixture.ts';

const ALL = ['issue', 'revoke', 'records', 'audit', 'admin', 'approve'] as const;
/** How a week of a small office may go. */
const COUNTED = {
  begun: 412,
  found: 371,
  sent: 368,
  completed: 344,
  'no-record': 19,
  'other-zip': 14,
  'no-contact': 8,
  'wrong-code': 27,
  ended: 11,
  corrected: 9,
} as const;
export const HERE = { addressGroup: '192.0.2.0/24' };

/** A desk with something in every view, and whoever may do everything there. */
export async function fullDesk(t: TestContext): Promise<DeskFixture & Watched & { readonly key: string }> {
  const desk = await serveDesk(t);
  const watched = await watchedBrowser(t);
  const { issuer, residents } = desk;
  const now = 1_795_435_200;
  await issuer.issueProduct('vaccination-pass', PEOPLE[0], { now });
  const old = await issuer.issueProduct('vaccination-plus', PEOPLE[0], { now });
  await issuer.revoke(old.id, { now, reason: 'holder-request' });
  const asked = { family: 'Ferreira', given: 'Marisol', birthDate: '1984-06-19', postalCode: '10001' };
  await residents.corrections.file(
    { ...asked, words: 'My second dose is missing.', reach: '212-555-0199' },
    HERE,
  );
  for (const [step, times] of Object.entries(COUNTED)) {
    for (let count = 0; count < times; count++) desk.counters.count(step as keyof typeof COUNTED, now);
  }
  const filer = await desk.keyFor('Harbor Hospital', 'issue');
  await fileOrder(desk, filer, 3);
  const key = await desk.keyFor('Rosa at desk 3', ...ALL);
  return { ...desk, ...watched, key };
}

/** Hands in a bulk of so many people. */
export async function fileOrder({ url }: DeskFixture, key: string, people: number): Promise<void> {
  const body = Array.from({ length: people }, (_, at) => JSON.stringify(vaccinated(at))).join('\n');
  const response = await fetch(`${url}/bulk-orders?product=vaccination-pass`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-ndjson', Authorization: `Bearer ${key}` },
    body,
  });
  assert.equal(response.status, 201, await response.text());
}

/** Goes to a view by its button. */
export const view = async (page: Page, name: string): Promise<void> => {
  await page.locator('nav').getByRole('button', { name, exact: true }).click();
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
};

export const speak = async (page: Page, language: Language): Promise<void> => {
  await page.locator('#language').selectOption(language);
  assert.equal(await page.locator('html').getAttribute('lang'), language);
};
