import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEFAULT_QUOTA } from '../../../agent/service/quota.ts';
import { DESK_WORDS } from '../../../agent/desk/desk-words.ts';
import { LANGUAGES } from '../../../verifier/pipeline/words/language.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { NOW } from '../issuer-fixture.ts';
import { assertAccessible, assertNarrow } from './accessibility.ts';
import { enterDesk, PEOPLE, serveDesk, watchedBrowser } from './desk-fixture.ts';
import { fileOrder, fullDesk, HERE, speak, view } from './full-desk.ts';

describe('every view in every language', { skip: withoutChromium }, () => {
  for (const language of LANGUAGES) {
    test(`${language}: nothing that axe finds, nothing sideways, wide and narrow, light and dark`, async (t) => {
      const desk = await fullDesk(t);
      const words = DESK_WORDS[language];
      const page = await desk.open();
      await page.goto(`${desk.url}/desk`);
      await speak(page, language);
      const check = async (where: string): Promise<void> => {
        for (const [width, colorScheme] of [
          [1280, 'light'],
          [375, 'dark'],
        ] as const) {
          await page.setViewportSize({ width, height: 900 });
          await page.emulateMedia({ colorScheme });
          await assertAccessible(page, `${where} ${width} ${colorScheme}`);
          await assertNarrow(page, `${where} ${width}`);
        }
        await page.setViewportSize({ width: 1280, height: 900 });
      };
      await check('login');
      await page.getByLabel(words.login.label).fill(desk.key);
      await page.keyboard.press('Enter');
      await page.locator('nav').waitFor();

      await page.locator('#person-family').fill('Ferreira Soto');
      await page.locator('#person-given').fill('Marisol');
      await page.locator('#person-born').fill('1984-06-19');
      await page.keyboard.press('Enter');
      await page.getByRole('table', { name: words.product.title }).waitFor();
      await check('record');
      await page
        .getByRole('button', { name: `${words.product.issue}: ${words.products['pcr-plus']}`, exact: true })
        .click();
      await page.getByRole('img', { name: words.issued.qr }).waitFor();
      await check('card');
      await page.getByRole('button', { name: words.issued.done }).click();
      await page
        .getByRole('button', { name: new RegExp(`^${words.cards.revoke}`) })
        .first()
        .click();
      await check('revoke');
      await page.getByRole('button', { name: words.shell.cancel }).click();
      await page.keyboard.press('?');
      await check('shortcuts');
      await page.keyboard.press('Escape');

      await view(page, words.views.cards);
      await check('cards');
      await view(page, words.views.corrections);
      await page.locator('.result').first().click();
      await page.getByRole('button', { name: words.corrections.take, exact: true }).click();
      await page.getByLabel(words.corrections.outcome).waitFor();
      await page.getByRole('button', { name: words.corrections.lookUp }).click();
      await check('correction');
      await view(page, words.views.bulk);
      await page.locator('.result').first().click();
      await page.getByRole('heading', { level: 2 }).waitFor();
      await check('order');
      await view(page, words.views.audit);
      await page
        .getByText(words.deeds['card-revoked'] ?? '')
        .first()
        .waitFor();
      await check('audit');
      await view(page, words.views.counters);
      await page.getByRole('table', { name: words.counters.steps }).waitFor();
      await check('counters');
      assert.deepEqual(desk.complaints, []);
    });
  }

  test('twice the size of text, and nothing is cut off or lies sideways', async (t) => {
    const desk = await fullDesk(t);
    const page = await desk.open({ width: 1280, height: 900 });
    await enterDesk(page, desk.url, desk.key);
    // What a browser's zoom of 200 % does: half the pixels.
    await page.setViewportSize({ width: 640, height: 450 });
    for (const name of ['People', 'Cards', 'Corrections', 'Bulk orders', 'Audit log', 'Counters']) {
      await view(page, name);
      await assertNarrow(page, name);
    }
  });
});

test(
  'a correction is taken, its person looked up, and ended with an unlock by those who may',
  { skip: withoutChromium },
  async (t) => {
    const desk = await fullDesk(t);
    const { residents } = desk;
    const page = await desk.open();
    await enterDesk(page, desk.url, desk.key);
    await view(page, 'Corrections');
    const [request] = await residents.corrections.list();
    const number = request?.number ?? assert.fail();
    await page.getByLabel('Tracking number').fill(number.slice(-6).toLowerCase());
    await page.keyboard.press('Enter');
    await page.getByText('My second dose is missing.').waitFor();
    await page.getByRole('button', { name: 'Take', exact: true }).click();
    await page.getByRole('button', { name: 'End the request' }).click();
    await page.getByRole('alert').getByText('Choose an outcome first.').waitFor();
    await page.getByLabel('Outcome').selectOption('unlocked');
    assert.equal(await page.getByLabel('Let the person try codes again').isChecked(), true);
    await page.getByRole('button', { name: 'Look the person up' }).click();
    await page.getByText('Nobody of this name and date of birth').waitFor();
    await page.getByRole('button', { name: 'End the request' }).click();
    await page.getByText('The request is at its end.').waitFor();
    const ended = await residents.corrections.get(number);
    assert.deepEqual([ended.state, ended.outcome], ['done', 'unlocked']);
    await page.getByRole('button', { name: 'Find this person' }).click();
    assert.equal(await page.getByLabel('Family names').inputValue(), 'Ferreira');

    const other = await desk.open();
    await residents.corrections.file(
      { family: 'Lee', given: 'Ann', birthDate: '1970-01-01', postalCode: '10003', words: 'x' },
      HERE,
    );
    await enterDesk(other, desk.url, await desk.keyFor('No admin', 'records'));
    await view(other, 'Corrections');
    await other.locator('.result').first().click();
    await other.getByRole('button', { name: 'Take', exact: true }).click();
    await other.getByText('needs the scope “admin”').waitFor();
    assert.equal(await other.locator('#outcome option[value=unlocked]').count(), 0);
  },
);

test(
  'who filed an order cannot approve it, and is told why; somebody else can',
  { skip: withoutChromium },
  async (t) => {
    const desk = await serveDesk(t);
    const { open } = await watchedBrowser(t);
    const filer = await desk.keyFor('Harbor Hospital', 'issue', 'approve');
    const approver = await desk.keyFor('Dr. Okonkwo', 'approve');
    await fileOrder(desk, filer, 2);
    const own = await open();
    await enterDesk(own, desk.url, filer);
    await view(own, 'Bulk orders');
    await own.locator('.result').first().click();
    await own.getByText('You filed this order yourself').waitFor();
    assert.equal(await own.getByRole('button', { name: /^Approve/ }).count(), 0);
    const page = await open();
    await enterDesk(page, desk.url, approver);
    await view(page, 'Bulk orders');
    const approve = page.getByRole('button', { name: 'Approve …' });
    // What would become of it is being looked at first.
    while ((await approve.count()) === 0) {
      await page.getByRole('button', { name: 'Refresh' }).click();
      await page.locator('.result').first().click();
    }
    await approve.click();
    await page.getByRole('dialog').getByText('Exactly the input with this digest').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await page.getByText('The order is approved.').waitFor();
    while ((await page.getByText('What became of it').count()) === 0) {
      await page.getByRole('button', { name: 'Refresh' }).click();
    }
    assert.equal(desk.issuer.issuedCount(desk.kid), 2);
  },
);

test('all of it is done without a mouse: find, issue, revoke, lock', { skip: withoutChromium }, async (t) => {
  const desk = await serveDesk(t);
  const { open } = await watchedBrowser(t);
  const page = await open();
  await page.goto(`${desk.url}/desk`);
  const { keyboard } = page;
  const focused = async (): Promise<string> =>
    page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
    );
  /** Tab until something has the focus, as somebody does who reads what is told of it. */
  const tabTo = async (name: RegExp): Promise<void> => {
    for (let tabs = 0; tabs < 40 && !name.test(await focused()); tabs++) await keyboard.press('Tab');
    assert.match(await focused(), name);
  };
  await keyboard.type(await desk.keyFor('Rosa', 'issue', 'revoke', 'records'));
  await keyboard.press('Enter');
  await page.locator('nav').waitFor();
  // Two people of one name: the first has the focus, the arrow goes to the next.
  for (const text of ['Lee', 'Ann', '19700101']) {
    await keyboard.type(text);
    await keyboard.press('Tab');
  }
  await keyboard.press('Enter');
  await page.getByRole('list', { name: 'People found' }).waitFor();
  await keyboard.press('ArrowDown');
  assert.match(await focused(), /1000[34]/);
  await keyboard.press('ArrowUp');
  await page.locator('.result:focus').waitFor();
  if (!/10003/.test(await focused())) await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await page.getByRole('button', { name: 'Issue: Vaccination Pass', exact: true }).waitFor();
  await tabTo(/^Issue: Vaccination Pass$/);
  await keyboard.press('Enter');
  await page.getByRole('img', { name: 'QR code' }).waitFor();
  assert.match(await focused(), /Card issued/);
  await tabTo(/^Done$/);
  await keyboard.press('Enter');
  await tabTo(/^Revoke/);
  await keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await keyboard.type('What it says');
  await tabTo(/^Revoke for good$/);
  await keyboard.press('Enter');
  await page.getByText('What it says is wrong').waitFor();
  assert.equal(desk.issuer.statusList(desk.kid).revoked, 1);
  await page.locator('main').focus();
  await keyboard.press('2');
  await page.getByRole('heading', { level: 1, name: 'Cards' }).waitFor();
  // In a field a digit is a digit.
  await keyboard.press('1');
  assert.equal(await page.getByRole('heading', { level: 1, name: 'Cards' }).count(), 1);
  await page.locator('main').focus();
  await keyboard.press('?');
  await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
  await page.getByLabel('Use keys without Ctrl or Alt').uncheck();
  await keyboard.press('Escape');
  await page.locator('main').focus();
  await keyboard.press('1');
  assert.equal(await page.getByRole('heading', { level: 1, name: 'Cards' }).count(), 1);
  await tabTo(/^Lock$/);
  await keyboard.press('Enter');
  await page.getByText('The desk is locked').waitFor();
});

test(
  'whoever nears a quota is told, and so is whoever keeps clients',
  { skip: withoutChromium },
  async (t) => {
    const desk = await serveDesk(t);
    const { open } = await watchedBrowser(t);
    const clerk = await desk.keyFor('Rosa <i>', 'issue', 'revoke', 'records');
    const [client] = desk.clients.all();
    const few = { hour: 1, day: 100 };
    await desk.clients.sayQuota(client?.id ?? '', { ...DEFAULT_QUOTA, revoke: few });
    const { id } = await desk.issuer.issueProduct('vaccination-pass', PEOPLE[0], { now: NOW });
    const page = await open();
    await enterDesk(page, desk.url, clerk);
    assert.equal(await page.locator('.alarms').textContent(), '');
    await view(page, 'Cards');
    await page.getByLabel('Number').fill(id);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Revoke/ }).click();
    await page.getByLabel('Reason').selectOption('error');
    await page.getByRole('button', { name: 'Revoke for good' }).click();
    await page.getByText('revoked', { exact: true }).waitFor();
    await view(page, 'People');
    await page.getByText('You: cards revoked, this hour: 100 % of the quota is used').waitFor();
    const office = await open();
    await enterDesk(office, desk.url, await desk.keyFor('Office', 'admin', 'audit'));
    await office.getByText('Rosa <i>: cards revoked, this hour: 100 % of the quota is used').waitFor();
  },
);
