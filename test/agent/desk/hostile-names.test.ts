import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { shownText } from '../../../agent/desk/shown-text.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { dose } from '../records.ts';
import { assertNarrow } from './accessibility.ts';
import { enterDesk, findPerson, recordOf, serveDesk, watchedBrowser } from './desk-fixture.ts';
import { HERE, view } from './full-desk.ts';

/** What names have been in forms that broke: markup, formats, directions, marks, lengths. */
const HOSTILE: readonly string[] = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "'><iframe src=https://evil.example>",
  '<a href="javascript:alert(1)">x</a>',
  'javascript:alert(1)',
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}',
  '<style>*{display:none}</style>x',
  '</td></tr></table><h1>Lee</h1>',
  '<bdo dir=rtl>evil</bdo>',
  '<link rel=stylesheet href=https://evil.example/x.css>',
  '<meta http-equiv=refresh content=0;url=https://evil.example>',
  '<form action=https://evil.example><input name=q>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '%3Cscript%3Ealert(1)%3C/script%3E',
  '\u202eKcirtap',
  'Ann\u202e\u2066\u2067evil\u2069',
  'A\u200bn\u200bn',
  'Ann\u0000Lee',
  'Ann\r\nSet-Cookie: a=b',
  'Z\u0351\u036b\u0343\u036a\u0302\u0363\u035b\u0349\u0332\u0324a'.repeat(12),
  'Ann\u2028Lee\u2029',
  'X'.repeat(190),
  '𝕬𝖓𝖓',
  'Ａｎｎ',
  '👩‍👩‍👧‍👦Ann',
  'محمد بن سلمان',
  'שרה לוי',
  'کامبیز می‌خواهد',
  'ক্ষমা',
  '王小明',
  "Robert'); DROP TABLE cards;--",
  "O'Brien-d’Arcy",
  'null',
  'undefined',
  '__proto__',
  'constructor',
  'NaN',
  'true',
  '{count}',
  '../../etc/passwd',
  'data:text/html,<script>alert(1)</script>',
  'expression(alert(1))',
  '\ufeffAnn',
  'Ann\ufdd0\ufdd1Lee',
];
const BORN = '1980-02-29';

test(
  'whatever somebody is called, the page shows it as a name and as nothing else',
  { skip: withoutChromium },
  async (t) => {
    const names = [...HOSTILE, ...(await ofTheField())];
    assert.ok(names.length > 40);
    const records = names.map((family, at) =>
      recordOf(at + 1, { family, given: ['Ann'] }, BORN, dose('2026-03-02'), dose('2026-03-23')),
    );
    // What may never be signed is not taken in at all; the source gives it all the same.
    const desk = await serveDesk(t, {
      records: [],
      sources: [
        {
          name: 'Elsewhere',
          find: async ({ family }) =>
            records
              .filter((_, at) => family === `Person ${at}`)
              .map((bundle) => ({ source: '', bundle, contacts: [], postalCodes: ['10001'] })),
        },
      ],
    });
    const { browser, complaints, open } = await watchedBrowser(t);
    const page = await open();
    await enterDesk(page, desk.url, await desk.keyFor('<b>Rosa</b>', 'issue', 'revoke', 'records'));
    for (const [at, family] of names.entries()) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await findPerson(page, { family: `Person ${at}`, given: 'Ann', born: BORN });
      const shown = shownText(`Ann ${family}`.trim());
      await page
        .waitForFunction((text) => document.querySelector('main h2')?.textContent === text, shown, {
          timeout: 5000,
        })
        .catch(() => assert.fail(JSON.stringify(family)));
      await page
        .getByRole('table', { name: 'Products' })
        .waitFor({ timeout: 5000 })
        .catch(() => assert.fail(JSON.stringify(family)));
      const heading = page.getByRole('heading', { level: 2 });
      // No higher than the longest name.
      const box = await heading.boundingBox();
      assert.ok((box?.height ?? 0) < 200, JSON.stringify(family));
      await page.setViewportSize({ width: 375, height: 800 });
      await assertNarrow(page, JSON.stringify(family));
    }
    assert.equal(
      await page.locator('script:not([src]), iframe, svg:not([role]), style, bdo, form[action]').count(),
      0,
    );
    assert.deepEqual([...new Set(browser.requested.map((address) => new URL(address).origin))], [desk.url]);
    assert.deepEqual(complaints, []);
  },
);

test(
  'what somebody writes to staff is shown as it was written, and as nothing else',
  { skip: withoutChromium },
  async (t) => {
    const desk = await serveDesk(t);
    const { browser, complaints, open } = await watchedBrowser(t);
    const asked = {
      family: '<img src=x onerror=alert(1)>',
      given: '\u202eAnn',
      birthDate: BORN,
      postalCode: '10001',
    };
    await desk.residents.corrections.file(
      {
        ...asked,
        words: HOSTILE.join('\n').slice(0, 1000),
        reach: '<script src=https://evil.example/x.js></script>',
      },
      HERE,
    );
    const page = await open({ width: 375, height: 800 });
    await enterDesk(page, desk.url, await desk.keyFor('Rosa', 'records', 'admin'));
    await view(page, 'Corrections');
    await page.locator('.result').first().click();
    await page.getByText('In the person’s own words').waitFor();
    await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
    assert.equal(await page.locator('main img, main script, main iframe').count(), 0);
    await assertNarrow(page, 'correction');
    assert.deepEqual([...new Set(browser.requested.map((address) => new URL(address).origin))], [desk.url]);
    assert.deepEqual(complaints, []);
  },
);

test('of a name nothing hidden is shown, and what parts and joins its letters stays', () => {
  assert.equal(shownText('Ann\u202e\u0000 \u200bLee\ufeff'), 'Ann Lee');
  assert.equal(shownText('می\u200cخواهد'), 'می\u200cخواهد');
  assert.equal(shownText('\u200dAnn\u200d'), 'Ann');
  assert.equal(shownText(`A${'\u0301'.repeat(50)}`), `A${'\u0301'.repeat(4)}`);
  assert.equal(Array.from(shownText('😀'.repeat(500))).length, 200);
  assert.equal(shownText('A\ufdd0B'), 'AB');
});

/** Issuers' names of the VCI directory, if it is at hand: what stands in the field's own data. */
async function ofTheField(): Promise<readonly string[]> {
  const folder = process.env['PRATIQUE_TEST_DATA'];
  if (folder === undefined) return [];
  const directory = join(folder, 'vci-directory');
  const file = (await readdir(directory)).find((name) => name.endsWith('.json'));
  if (file === undefined) return [];
  const text = await readFile(join(directory, file), 'utf8');
  const found = Array.from(text.matchAll(/"name"\s*:\s*"([^"\\]{3,60})"/g), ([, name = '']) => name);
  return [...new Set(found)].filter((name) => /[^\x20-\x7e]|[<>&']/.test(name)).slice(0, 10);
}
