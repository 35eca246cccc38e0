import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { printableCard } from '../../../agent/paper/printable-card.ts';
import type { PrintableCard } from '../../../agent/paper/printable-card.ts';
import { PAPER_SIZES, MM } from '../../../agent/paper/paper-size.ts';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { readPicture } from '../../../verifier/node/read-picture.ts';
import { readBytes } from '../../../verifier/pipeline/input.ts';
import {
  anchoredTrust,
  decide,
  healthCard,
  mintCard,
  mintPass,
  newKey,
  NOW,
  pass,
  trustDocument,
  trustedKey,
} from '../../support/cards.ts';
import { mintVc } from '../../support/presentations.ts';
import { picturesOf, toldBy, withoutPoppler, withPaper } from './paper.ts';

const issuer = newKey();
const trust = anchoredTrust(trustDocument({ keys: [trustedKey(issuer)] }));
const terms = { trust, now: NOW, allowUnanchored: false };

const printable = (text: string): Promise<PrintableCard> => printableCard({ text }, terms);
const named = (family: string, ...given: string[]): Promise<PrintableCard> =>
  printable(mintPass(issuer, { name: { family, given } }));

/** A health card that fills a code of version 22: 1195 characters at most. */
function fullCard(): string {
  for (let length = 300; ; length++) {
    const noise = Array.from({ length }, (_, at) => ((at * 2_654_435_761) >>> 7).toString(36))
      .join('')
      .slice(0, length);
    const card = healthCard();
    const [patient, ...rest] = card.fhirBundle.entry;
    assert.ok(patient);
    const resource = { ...patient.resource, address: [{ text: noise }] };
    const fhirBundle = { ...card.fhirBundle, entry: [{ ...patient, resource }, ...rest] };
    const jws = mintCard(issuer, { fhirBundle });
    if (jws.length > 1185) return jws;
  }
}

describe('a card on paper is the card', { skip: withoutPoppler }, () => {
  for (const size of ['a4', 'letter', 'card'] as const) {
    test(`${size}: its picture holds the same code, and reads the same, the largest too, black and white too`, async () => {
      const jws = fullCard();
      assert.ok(jws.length <= 1195);
      const cards = [await printable(jws), await named('Nobody', 'Nora')];
      await withPaper(cards, { size }, async (pdf) => {
        for (const mono of [false, true]) {
          const pages = await picturesOf(pdf, { mono });
          assert.equal(pages.length, 2);
          for (const [at, picture] of pages.entries()) {
            const card = cards[at];
            assert.ok(card);
            assert.deepEqual(await readPicture(picture), [encodeCardUri(card.jws, card.scheme)]);
            const [piece] = await readBytes(picture, readPicture);
            assert.ok(piece && 'text' in piece);
            assert.deepEqual(await decide(piece, trust), await decide(card.jws, trust));
          }
        }
      });
    });
  }

  test('of a scan of 150 dots an inch, the largest code on the smallest paper is read', async () => {
    await withPaper([await printable(fullCard())], { size: 'card' }, async (pdf) => {
      const [picture] = await picturesOf(pdf, { dpi: 150 });
      assert.ok(picture);
      assert.equal((await readPicture(picture)).length, 1);
    });
  });

  test('a code is 40 mm wide at least, on every paper', () => {
    for (const { code, width, height } of Object.values(PAPER_SIZES)) {
      assert.ok(code >= 40 * MM);
      // With four quiet modules on each side, at the smallest version that a card can have.
      assert.ok(code * (1 + 8 / 49) <= Math.min(width, height));
    }
  });
});

describe('what stands beside the code', { skip: withoutPoppler }, () => {
  test('are name, birth date, kind, validity and issuer, in two languages', async () => {
    await withPaper([await named('Nobody', 'Nora')], {}, async (pdf) => {
      const text = await toldBy('pdftotext', pdf);
      for (const words of [
        'Vaccination Pass · 疫苗接種通行證',
        'Nora Nobody',
        'Born · 出生日期',
        '1980-02-29',
        'Valid until · 有效至',
        '2026-05-29 16:26 EDT',
        'Issued by · 核發機關',
        'Health department of Nowhere',
        'Show this code together with an identity document.',
        '請連同身分證件一併出示此條碼。',
      ]) {
        assert.ok(text.includes(words), words);
      }
    });
  });

  test('every font is embedded, so that every printer prints the same', async () => {
    const cards = [await named('Nobody', 'Nora'), await named('陳', '大文'), await named('حسن', 'محمد')];
    await withPaper(cards, {}, async (pdf) => {
      const rows = (await toldBy('pdffonts', pdf)).trim().split('\n').slice(2);
      assert.equal(rows.length, 3);
      for (const row of rows) assert.match(row, /\syes\s+yes\s+yes\s/);
    });
  });

  test('the file says nothing of a person outside its pages', async () => {
    await withPaper([await named('Nobody', 'Nora')], {}, async (pdf) => {
      const told = await toldBy('pdfinfo', pdf);
      assert.ok(!/Nora|Nobody|1980/.test(told));
    });
  });

  test('the pages have the size that was asked for', async () => {
    for (const [size, words] of [
      ['a4', '595.276 x 841.89'],
      ['letter', '612 x 792'],
      ['card', '242.646 x 153.014'],
    ] as const) {
      await withPaper([await named('Nobody', 'Nora')], { size }, async (pdf) => {
        assert.ok((await toldBy('pdfinfo', pdf)).includes(words), size);
      });
    }
  });
});

describe('a card is not printed', () => {
  test('that a venue would not accept now', async () => {
    const expired = mintPass(issuer, { exp: NOW - 1 });
    await assert.rejects(printable(expired), { code: 'CARD_NOT_ACCEPTED', decided: ['EXPIRED'] });
    await assert.rejects(printable(mintPass(newKey())), {
      code: 'CARD_NOT_ACCEPTED',
      decided: ['ISSUER_UNKNOWN'],
    });
    await assert.rejects(printableCard({ text: mintPass(issuer) }, { ...terms, trust: 'missing' }), {
      code: 'CARD_NOT_ACCEPTED',
      decided: ['TRUST_MISSING'],
    });
  });

  test('that names nobody', async () => {
    const card = healthCard();
    const entry = card.fhirBundle.entry.slice(1);
    const text = mintCard(issuer, { fhirBundle: { ...card.fhirBundle, entry } });
    await assert.rejects(printable(text), { code: 'CARD_UNNAMED' });
  });

  test('that is longer than a code, or has none', async () => {
    const card = healthCard();
    const noise = Array.from({ length: 3000 }, (_, at) => ((at * 2_654_435_761) >>> 3).toString(36)).join('');
    const [patient, ...rest] = card.fhirBundle.entry;
    assert.ok(patient);
    const resource = { ...patient.resource, address: [{ text: noise }] };
    const fhirBundle = { ...card.fhirBundle, entry: [{ ...patient, resource }, ...rest] };
    await assert.rejects(printable(mintCard(issuer, { fhirBundle })), { code: 'CARD_TOO_LONG' });
    const unlisted = mintVc(issuer, pass());
    await assert.rejects(printable(unlisted), { code: 'CARD_NOT_ACCEPTED' });
  });

  test('whose name has a character that no font has: a box is another name', async () => {
    await assert.rejects(
      withPaper([await named('𒀀𒀁', 'Nora')], {}, () => Promise.resolve()),
      {
        code: 'GLYPH_MISSING',
      },
    );
  });

  test('whose name does not fit: half a name is another name', async () => {
    const card = await named('Nobody '.repeat(120).trim(), 'Nora');
    await assert.rejects(
      withPaper([card], { size: 'card' }, () => Promise.resolve()),
      { code: 'TEXT_TOO_LONG' },
    );
  });
});

test('a refused card leaves no page behind', { skip: withoutPoppler }, async () => {
  const cards = [await named('Nobody', 'Nora'), await named('𒀀𒀁', 'Nora'), await named('Nobody', 'Ned')];
  await withPaper(cards, { goOn: true }, async (pdf) => {
    assert.match(await toldBy('pdfinfo', pdf), /^Pages:\s+2$/m);
  });
});
