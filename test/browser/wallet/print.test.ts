import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { inflateRawNode } from '../../../credential/deflate-node.ts';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { readPicture } from '../../../verifier/node/read-picture.ts';
import { readBytes } from '../../../verifier/pipeline/input.ts';
import { verifyCredential } from '../../../verifier/pipeline/verify.ts';
import { addPasses } from '../../../wallet/passes/pass-box.ts';
import { picturesOf, toldBy, withoutPoppler } from '../../agent/paper/paper.ts';
import { DAY, healthCard, mintCard, mintPass } from '../../support/cards.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { LISTED, NOW, venueOf } from '../venue.ts';
import { openHousehold, openWallet } from './household.ts';
import type { Household } from './household.ts';
import { widthOfCode } from './printed-code.ts';
import { violationsOn } from './violations.ts';

const times = { nbf: NOW - DAY, exp: NOW + 30 * DAY, rid: 'rid-1' };
const PASS = mintPass(LISTED, { ...times, name: { family: '陳', given: ['大文'] } });
const ARABIC = mintPass(LISTED, { ...times, name: { family: 'حسن', given: ['محمد'] } });
const LATE = mintPass(LISTED, { ...times, exp: NOW - 60, name: { family: 'Late', given: ['Eve'] } });
const LONG = mintPass(LISTED, {
  ...times,
  name: {
    family: 'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh',
    given: ['Maximiliana', 'Theodora', 'Wilhelmina'],
  },
});

/** A health card whose code is of version 22, or as near to it as its compression lets it come. */
function fullCard(): string {
  for (let length = 200; ; length += 2) {
    const noise = Array.from({ length }, (_, at) => ((at * 2_654_435_761) >>> 7).toString(36))
      .join('')
      .slice(0, length);
    const card = healthCard();
    const [patient, ...rest] = card.fhirBundle.entry;
    assert.ok(patient);
    const resource = { ...patient.resource, address: [{ text: noise }] };
    const fhirBundle = { ...card.fhirBundle, entry: [{ ...patient, resource }, ...rest] };
    const jws = mintCard(LISTED, { ...times, exp: undefined, fhirBundle });
    if (jws.length > 1170) return jws;
  }
}
const PLUS = fullCard();

const MM_OF_SIZE = { a4: [210, 297], letter: [215.9, 279.4], card: [85.6, 53.98] } as const;

describe('a pass on paper', { skip: withoutChromium || withoutPoppler }, () => {
  let household: Household;
  let folder: string;
  const trust = venueOf().trust();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pratique-print-'));
    household = await openHousehold({
      fill: async (vault) => {
        const ports = { inflate: inflateRawNode, readPicture: () => Promise.resolve([]) };
        for (const text of [
          encodeCardUri(PASS, 'pratique'),
          encodeCardUri(ARABIC, 'pratique'),
          encodeCardUri(LONG, 'pratique'),
          encodeCardUri(PLUS, 'shc'),
          encodeCardUri(LATE, 'pratique'),
        ]) {
          const [added] = await addPasses(
            vault,
            { text },
            { trust, now: NOW, allowUnanchored: false },
            ports,
          );
          assert.equal(added?.kind, 'kept');
        }
      },
    });
    await openWallet(household.page);
  });
  after(async () => {
    await household.close();
    await rm(folder, { recursive: true, force: true });
    assert.deepEqual(household.complaints, []);
  });

  /** Go to a person's pass and from there to its paper. */
  async function paperOf(name: string, size?: keyof typeof MM_OF_SIZE): Promise<Page> {
    const { page } = household;
    await page.locator('.menu button').first().click();
    await page.locator('.pass', { hasText: name }).first().getByRole('button', { name: 'Details' }).click();
    await page.getByRole('button', { name: 'Print', exact: true }).click();
    if (size !== undefined) {
      await page.locator('.paper').waitFor();
      await page.locator('select').first().selectOption(size);
      await page.locator(`.paper-${size}`).waitFor();
    }
    return page;
  }

  async function printed(page: Page, name: string): Promise<string> {
    const path = join(folder, `${name}.pdf`);
    await writeFile(path, await page.pdf({ preferCSSPageSize: true, printBackground: true }));
    return path;
  }

  const decide = async (text: string, scheme: 'pratique' | 'shc'): Promise<unknown> =>
    verifyCredential(
      { text, scheme },
      trust,
      { now: NOW, allowUnanchored: false, rules: 'none' },
      { inflate: inflateRawNode },
    );

  for (const size of ['a4', 'letter', 'card'] as const) {
    for (const [name, jws, scheme] of [
      ['大文', PASS, 'pratique'],
      ['Nora Nobody', PLUS, 'shc'],
    ] as const) {
      test(`${size}, ${scheme}: one page of its size, whose code of 40 mm and more is read and decided as the pass itself`, async () => {
        const page = await paperOf(name, size);
        const pdf = await printed(page, `${size}-${scheme}`);
        const info = await toldBy('pdfinfo', pdf);
        assert.match(info, /Pages: +1\n/);
        const [, width, height] = /Page size: +([\d.]+) x ([\d.]+)/.exec(info) ?? [];
        const [wide, high] = MM_OF_SIZE[size];
        assert.ok(Math.abs((Number(width) / 72) * 25.4 - wide) < 0.5, info);
        assert.ok(Math.abs((Number(height) / 72) * 25.4 - high) < 0.5, info);
        for (const dpi of [150, 300]) {
          const [picture] = await picturesOf(pdf, { dpi, mono: dpi === 300 });
          assert.ok(picture);
          assert.deepEqual(await readPicture(picture), [encodeCardUri(jws, scheme)]);
          const [piece] = await readBytes(picture, readPicture);
          assert.ok(piece !== undefined && 'text' in piece);
          assert.deepEqual(await decide(piece.text, scheme), await decide(jws, scheme));
        }
        const [grey] = await picturesOf(pdf, { dpi: 300 });
        assert.ok(grey);
        const mm = (await widthOfCode(grey)) / (300 / 25.4);
        assert.ok(mm >= 40, `${mm} mm`);
      });
    }
  }

  for (const [name, expected] of [
    ['大文', /大文.?陳|陳.?大文/],
    ['محمد', /محمد|دمحم/],
    ['Maximiliana', /Featherstonehaugh/],
  ] as const) {
    test(`the whole name is on every paper, and nothing is cut off: ${name}`, async () => {
      for (const size of ['a4', 'letter', 'card'] as const) {
        const page = await paperOf(name, size);
        const text = (await toldBy('pdftotext', await printed(page, `name-${size}`))).normalize('NFKC');
        assert.match(text.replaceAll(/\s+/g, ''), expected);
        for (const said of ['1980-02-29', 'Born · Fecha de nacimiento', 'Issued by · Emitido por']) {
          assert.ok(text.replaceAll(/\s+/g, ' ').includes(said), `${said} on ${size}: ${text}`);
        }
        const cut = await page
          .locator('.paper-words')
          .evaluate((words) => [
            words.scrollHeight - words.clientHeight,
            words.scrollWidth - words.clientWidth,
          ]);
        assert.ok(
          cut.every((by) => by <= 0),
          `${size}: ${cut.join()}`,
        );
      }
    });
  }

  test('the second language is the user’s choice, and a page says to keep it as one keeps a document', async () => {
    const page = await paperOf('大文', 'a4');
    await page.locator('select').nth(1).selectOption('zh-Hant');
    const text = await toldBy('pdftotext', await printed(page, 'chinese'));
    for (const said of [
      'Vaccination Pass · 疫苗接種通行證',
      'keep it as you keep the document',
      '請像證件一樣妥善保管',
    ]) {
      assert.ok(text.replaceAll(/\s+/g, ' ').includes(said), said);
    }
  });

  test('the button opens the browser’s own dialog', async () => {
    const page = await paperOf('大文', 'a4');
    await page.evaluate(() => {
      globalThis.print = () => {
        document.body.dataset['printed'] = 'yes';
      };
    });
    await page.locator('.no-print .primary').click();
    assert.equal(await page.evaluate(() => document.body.dataset['printed']), 'yes');
  });

  test('what is not good is not put on paper, and says so', async () => {
    const page = await paperOf('Eve Late');
    assert.match(await page.locator('.tone-bad').innerText(), /not good now/);
    assert.equal(await page.locator('.paper').count(), 0);
  });

  test('axe-core finds nothing, in the light and in the dark, and nothing is too wide', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await household.page.emulateMedia({ colorScheme });
      for (const size of ['a4', 'card'] as const) {
        assert.deepEqual(await violationsOn(await paperOf('大文', size)), []);
      }
    }
  });
});
