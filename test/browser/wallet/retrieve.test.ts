import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { trustIn } from '../../agent/issuer-trust.ts';
import { dose, result } from '../../agent/records.ts';
import { codeIn, otherThan } from '../../agent/retrieval/retrieval-fixture.ts';
import { residentRecord, residentService, until, ZOE } from '../../agent/service/resident-service.ts';
import type { ResidentService } from '../../agent/service/resident-service.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { NOW } from '../venue.ts';
import { lockWallet, openHousehold, openWallet } from './household.ts';
import type { Household } from './household.ts';
import { violationsOn } from './violations.ts';

const DAY = 86_400;
const day = (ago: number): string => new Date((NOW - ago * DAY) * 1000).toISOString().slice(0, 10);
const RECORD = residentRecord([
  dose(day(80)),
  dose(day(59)),
  result('pcr', new Date((NOW - DAY) * 1000).toISOString()),
]);

interface Town {
  readonly clinic: ResidentService;
  readonly household: Household;
  readonly page: Page;
}

/** A wallet whose server names a real issuer's service, which it trusts. */
async function town(t: TestContext): Promise<Town> {
  const clinic = await residentService(t, { records: [RECORD], reachedHere: true, from: NOW });
  const { document } = trustIn(clinic.issuer);
  const household = await openHousehold({
    knowledge: { document: { ...document, takenAt: NOW - 60 }, anchored: false, allowUnanchored: true },
    issuers: [{ url: clinic.url, name: 'Harbor Clinic' }],
    fill: async () => Promise.resolve(),
  });
  t.after(async () => {
    await household.close();
    // Refusals are part of it, and the browser writes each down: no log of a chain, a wrong code, no such pass.
    const others = household.complaints.filter((one) => !one.startsWith('Failed to load resource: '));
    assert.deepEqual(others, []);
  });
  await openWallet(household.page);
  await household.page.locator('.empty').getByRole('button', { name: 'Get my passes' }).click();
  return { clinic, household, page: household.page };
}

const press = async (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

async function typePerson(page: Page): Promise<void> {
  await page.locator('input[name=given]').fill(ZOE.name.given[0] ?? '');
  await page.locator('input[name=family]').fill(ZOE.name.family);
  await page.locator('input[name=birthDate]').fill(ZOE.birthDate);
  await page.locator('input[name=zip]').fill(ZOE.zip);
}

/** Up to the code; answers the one that came. */
async function askForCode({ clinic, page }: Town): Promise<string> {
  await page.getByText('will be asked, and nobody else').waitFor();
  assert.ok(!clinic.phone.sent.length);
  await press(page, 'Next');
  await typePerson(page);
  await press(page, 'Send the code');
  await page.locator('input[name=code]').waitFor();
  clinic.pass(3);
  await until(() => clinic.phone.sent.length > 0);
  return codeIn(clinic.phone.sent.at(-1));
}

test(
  'a resident gets every pass that the record allows, by a code that came while the wallet was locked',
  { skip: withoutChromium },
  async (t) => {
    const here = await town(t);
    const { page, household, clinic } = here;
    const code = await askForCode(here);
    assert.deepEqual(await violationsOn(page), []);
    await lockWallet(page);
    await openWallet(page);
    await page.locator('.empty').getByRole('button', { name: 'Get my passes' }).click();
    await page.locator('input[name=code]').fill(otherThan(code));
    await press(page, 'Get my passes');
    await page.locator('.tone', { hasText: 'This is not the code' }).waitFor();
    await page.getByText('Tries left: 4.').waitFor();
    await page.locator('input[name=code]').fill(`Your code is ${code.slice(0, 4)} ${code.slice(4)}.`);
    await press(page, 'Get my passes');
    await page.getByText('What came of it').waitFor();
    assert.equal(await page.locator('.tone-good').count(), 4);
    assert.match(await page.locator('.not-had').innerText(), /Antigen Test Pass.*no negative result/);
    assert.deepEqual(await violationsOn(page), []);
    await press(page, 'To my passes');
    await page.locator('.pass').first().waitFor();
    assert.equal(await page.locator('.pass').count(), 4);
    const origins = new Set(household.browser.requested.map((address) => new URL(address).origin));
    assert.deepEqual([...origins].toSorted(), [clinic.url, household.url].toSorted());
  },
);

test(
  'what was typed is gone with the screen; a record is put right by a number, which tells where it is',
  { skip: withoutChromium },
  async (t) => {
    const { page, clinic } = await town(t);
    await press(page, 'Next');
    await typePerson(page);
    await press(page, 'Have a record put right');
    assert.equal(await page.locator('input[name=family]').inputValue(), ZOE.name.family);
    await page.locator('textarea[name=words]').fill('A dose is missing.');
    await press(page, 'Send the request');
    const number = await page.locator('.tracking').innerText();
    assert.match(number, /^(?:\w{4}-){5}\w$/);
    await press(page, 'Done');
    await press(page, 'Ask where it is');
    await page.locator('.corrections .tone', { hasText: 'Open' }).waitFor();
    assert.deepEqual(await violationsOn(page), []);
    await press(page, 'Next');
    assert.equal(await page.locator('input[name=family]').inputValue(), '');
    await clinic.state.expire();
  },
);

test(
  'an address that is none, and an issuer that is away, are said in words',
  { skip: withoutChromium },
  async (t) => {
    const { page } = await town(t);
    await page.getByLabel('Another address').check();
    await page.locator('input[name=address]').fill('http://issuer.example');
    await press(page, 'Next');
    await page.locator('.field-fault', { hasText: 'https' }).waitFor();
    await page.locator('input[name=address]').fill('http://127.0.0.1:9');
    await press(page, 'Next');
    await typePerson(page);
    await press(page, 'Send the code');
    await page.locator('.tone', { hasText: 'The issuer cannot be reached' }).waitFor();
    assert.deepEqual(await violationsOn(page), []);
  },
);
