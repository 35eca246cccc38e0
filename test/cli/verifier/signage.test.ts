import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { SIGN_WORDS } from '../../../cli/verifier/signage/sign-words.ts';
import { LANGUAGES } from '../../../verifier/pipeline/words/language.ts';
import { picturesOf, toldBy, withoutPoppler } from '../../agent/paper/paper.ts';
import { run } from '../../support/cli.ts';
import type { Ended } from '../../support/cli.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-signage-'));
});
after(() => rm(folder, { recursive: true }));

const signage = async (output: string, ...args: readonly string[]): Promise<Ended> =>
  run('pratique', ['verifier', 'signage', '--json', '--output', join(folder, output), ...args], {
    cwd: folder,
  });

async function made(output: string, ...args: readonly string[]): Promise<{ pages: number; points: number }> {
  const { stdout, stderr, status } = await signage(output, ...args);
  assert.equal(stderr, '');
  assert.equal(status, 0);
  return JSON.parse(stdout) as { pages: number; points: number };
}

async function refusal(
  output: string,
  ...args: readonly string[]
): Promise<readonly [string, number | null]> {
  const { stderr, status } = await signage(output, ...args);
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith(output)),
    [],
  );
  return [(JSON.parse(stderr) as { error: { code: string } }).error.code, status];
}

/** Without spaces: where lines break is the paper's to say. */
const tight = (text: string): string => text.replaceAll(/\s/g, '');
const textOf = async (output: string): Promise<string> =>
  tight(await toldBy('pdftotext', join(folder, output)));

interface Box {
  readonly page: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

async function boxesOf(output: string): Promise<readonly Box[]> {
  const { stdout } = await promisify(execFile)('pdftotext', ['-bbox', join(folder, output), '-']);
  let page = 0;
  return stdout.split('\n').flatMap((line) => {
    if (line.includes('<page ')) page += 1;
    const [left, top, right, bottom] = [...line.matchAll(/[xy]M(?:in|ax)="([\d.]+)"/g)].map(([, number]) =>
      Number(number),
    );
    return left === undefined || top === undefined || right === undefined || bottom === undefined
      ? []
      : { page, left, top, right, bottom };
  });
}

const SIZES = { a4: [595, 842], letter: [612, 792] } as const;
const MARGIN = 34;

describe('a sign for the door', { skip: withoutPoppler }, () => {
  for (const [paper, most] of [
    ['a4', 1],
    ['letter', 2],
  ] as const) {
    test(`says everything in three languages on ${most} of ${paper}, where there are no further rules`, async () => {
      const output = `plain-${paper}.pdf`;
      const { pages, points } = await made(output, '--paper', paper, '--venue', 'Harbour Hall');
      assert.ok(pages <= most, `${pages} pages`);
      assert.ok(points >= 11);
      const text = await textOf(output);
      for (const language of LANGUAGES) {
        const { space: _, ...sentences } = SIGN_WORDS[language];
        for (const sentence of Object.values(sentences)) assert.ok(text.includes(tight(sentence)), sentence);
      }
    });

    for (const rules of [
      'US-NY/ENTRY',
      'US-NY/EVENT-72H',
      'US-NY/OUT-OF-STATE',
      'US-NY/FULLY-VACCINATED',
      'EU/BASE',
    ]) {
      test(`${rules} on ${paper} stays within its margins, and no word lies on another`, async () => {
        const output = `${rules.replace('/', '-')}-${paper}.pdf`;
        const { pages, points } = await made(
          output,
          '--rules',
          rules,
          '--paper',
          paper,
          '--venue',
          '港口 Hall',
        );
        assert.ok(pages <= 3 && points >= 11, `${pages} pages, ${points} points`);
        const [width, height] = SIZES[paper];
        const boxes = await boxesOf(output);
        assert.equal(new Set(boxes.map(({ page }) => page)).size, pages);
        for (const { left, right, top, bottom } of boxes) {
          assert.ok(left >= MARGIN - 1 && right <= width - MARGIN + 1, `${left} to ${right}`);
          assert.ok(top >= MARGIN - 6 && bottom <= height - MARGIN + 6, `${top} to ${bottom}`);
        }
        for (const [at, one] of boxes.entries()) {
          const lies = boxes.slice(at + 1).some((other) => other.page === one.page && overlap(one, other));
          assert.ok(!lies, JSON.stringify(one));
        }
      });
    }
  }

  test('tells the rules as `pratique rules explain` does, in each language, and their version', async () => {
    await made('entry.pdf', '--rules', 'US-NY/ENTRY');
    const text = await textOf('entry.pdf');
    for (const language of LANGUAGES) {
      const { stdout } = await run('pratique', ['rules', 'explain', 'US-NY/ENTRY', '--lang', language], {
        cwd: folder,
      });
      const asked = [...stdout.matchAll(/– (.*) \(/g)].map(([, asks]) => asks ?? '');
      assert.ok(asked.length >= 10);
      for (const asks of asked) assert.ok(text.includes(tight(asks)), asks);
    }
    assert.ok(text.includes('US-NY/ENTRY1.0.0'));
  });

  test('has the languages that are wanted, in their order, and no others', async () => {
    await made('es-en.pdf', '--languages', 'es,en');
    const text = await textOf('es-en.pdf');
    const [es, en, zh] = (['es', 'en', 'zh-Hant'] as const).map((tag) =>
      text.indexOf(tight(SIGN_WORDS[tag].title)),
    );
    assert.ok(es !== undefined && en !== undefined && es >= 0 && es < en);
    assert.equal(zh, -1);
  });

  test('is black on white, with nothing in between', async () => {
    await made('mono.pdf', '--venue', 'Harbour Hall');
    const [page] = await picturesOf(join(folder, 'mono.pdf'), { dpi: 50, mono: true });
    assert.ok(page !== undefined && page.length > 1000);
    const { stdout } = await promisify(execFile)('pdftotext', ['-bbox', join(folder, 'mono.pdf'), '-']);
    assert.ok(stdout.includes('Harbour'));
  });

  for (const name of ['<script>alert(1)</script>', 'قاعة الميناء', 'Ω %s {venue} \\ (x)', '港口大廳']) {
    test(`a venue may be called ${name}`, async () => {
      await made('named.pdf', '--venue', name, '--languages', 'en');
      const text = await textOf('named.pdf');
      const shown = [...tight(name)].every((character) => text.includes(character.normalize('NFKC')));
      assert.ok(shown || /\p{sc=Arabic}/u.test(name));
    });
  }

  for (const [what, name] of [
    ['marks that turn what follows', 'Hall\u202eevil'],
    ['nothing to see', '\u200b'],
    ['a second line', 'Hall\nRefused'],
    ['more than a line', 'Hall '.repeat(30)],
  ] as const) {
    test(`a name with ${what} is refused`, async () => {
      const { status, stderr } = await signage('hostile.pdf', '--venue', name);
      assert.equal(status, 64);
      assert.match(stderr, /all of them visible/);
    });
  }

  test('a name that no line holds is SIGN_TOO_LONG: it is not cut', async () => {
    assert.deepEqual(await refusal('long.pdf', '--venue', 'W'.repeat(80)), ['SIGN_TOO_LONG', 65]);
  });

  test('a name without a font is GLYPH_MISSING', async () => {
    assert.deepEqual(await refusal('glyph.pdf', '--venue', 'Hall 🎟'), ['GLYPH_MISSING', 65]);
  });

  test('a folder that is not there is OUTPUT_UNWRITABLE', async () => {
    assert.deepEqual(await refusal('nowhere/x.pdf'), ['OUTPUT_UNWRITABLE', 65]);
  });

  test('rules that nobody knows are said so', async () => {
    const [code, status] = await refusal('none.pdf', '--rules', 'US-NY/NOTHING');
    assert.deepEqual([code, status], ['USAGE', 64]);
  });
});

/** By more than the room that fonts leave above and below their letters. */
function overlap(one: Box, other: Box): boolean {
  const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return wide > 1 && high > 0.35 * Math.min(one.bottom - one.top, other.bottom - other.top);
}
