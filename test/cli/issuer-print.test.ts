import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { encodeCardUri } from '../../credential/shc-uri.ts';
import { encodeCardFile } from '../../credential/smart-health-card-file.ts';
import { signBundle } from '../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../verifier/node/exporter-key.ts';
import { readPicture } from '../../verifier/node/read-picture.ts';
import { picturesOf, withoutPoppler } from '../agent/paper/paper.ts';
import { DAY, mintCard, mintPass, newKey, trustDocument, trustedKey } from '../support/cards.ts';
import { run } from '../support/cli.ts';

const NOW = Math.floor(Date.now() / 1000);
const issuer = newKey();
const exporter = oneTimeExporterKey();
const window = { nbf: NOW - 60, exp: NOW + DAY };
const passes = [1, 2].map((day) => mintPass(issuer, { ...window, birthDate: `1980-02-0${day}` }));
const card = mintCard(issuer, { nbf: NOW - 60 });

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-print-'));
  const document = trustDocument({
    takenAt: NOW,
    keys: [trustedKey(issuer, { validFrom: 0, validUntil: 0 })],
  });
  await writeFile(join(folder, 'venue.bundle'), signBundle(document, exporter));
});
after(() => rm(folder, { recursive: true }));

const print = (file: string, ...more: string[]) =>
  run('pratique', [
    'issuer',
    'print',
    '--json',
    '--trust',
    join(folder, 'venue.bundle'),
    '--exporter',
    exporter.kid,
    '--out',
    join(folder, 'cards.pdf'),
    ...more,
    file,
  ]);

async function write(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

const codesIn = async (pdf: string): Promise<readonly string[]> =>
  (await Promise.all((await picturesOf(pdf)).map(readPicture))).flat();

describe('issuer print', () => {
  test('prints a file of a bulk, one card a page', { skip: withoutPoppler }, async () => {
    const lines = passes.map((jws, at) => JSON.stringify({ line: at + 1, id: `x.${at}`, jws }));
    const { status, stdout } = await print(await write('spring-0001.ndjson', `${lines.join('\n')}\n`));
    assert.equal(status, 0);
    const told = JSON.parse(stdout) as { printed: number; files: readonly string[] };
    assert.deepEqual(told, { printed: 2, files: [join(folder, 'cards.pdf')], refused: [] });
    assert.deepEqual(
      await codesIn(join(folder, 'cards.pdf')),
      passes.map((jws) => encodeCardUri(jws, 'pratique')),
    );
  });

  test('prints a single card file on wallet size', { skip: withoutPoppler }, async () => {
    const file = await write('card.smart-health-card', encodeCardFile([card]));
    const { status } = await print(file, '--paper', 'card', '--languages', 'es,en');
    assert.equal(status, 0);
    assert.deepEqual(await codesIn(join(folder, 'cards.pdf')), [encodeCardUri(card, 'shc')]);
  });

  test('says which cards it refused, and why, and prints the others', async () => {
    const forged = mintPass(newKey(), window);
    const lines = [passes[0], forged].map((jws) => JSON.stringify({ jws }));
    const path = await write('mixed.ndjson', `${lines.join('\n')}\nno JSON\n`);
    const { status, stdout } = await print(path);
    assert.equal(status, 65);
    const { printed, refused } = JSON.parse(stdout) as { printed: number; refused: unknown };
    assert.equal(printed, 1);
    assert.deepEqual(refused, [
      { source: `${path}:2`, codes: ['CARD_NOT_ACCEPTED', 'ISSUER_UNKNOWN'] },
      { source: `${path}:3`, codes: ['MALFORMED'] },
    ]);
  });

  test('makes no file where there is nothing to print, and leaves none that is not whole', async () => {
    await rm(join(folder, 'cards.pdf'), { force: true });
    const { status } = await print(await write('none.ndjson', ''));
    assert.equal(status, 0);
    const missing = await print(join(folder, 'not-there.ndjson'));
    assert.equal(missing.status, 65);
    assert.match(missing.stderr, /INPUT_UNREADABLE/);
    assert.deepEqual(
      (await readdir(folder)).filter((name) => /\.pdf/.test(name)),
      [],
    );
  });

  for (const [what, ...words] of [
    ['one language', '--languages', 'en'],
    ['a language that is not spoken here', '--languages', 'en,tlh'],
    ['a zone that is none', '--zone', 'Mars/Olympus'],
    ['a size that no paper has', '--paper', 'a0'],
  ] as const) {
    test(`takes no ${what}`, async () => {
      assert.equal((await print('x', ...words)).status, 64);
    });
  }
});

test('the file of cards is for its owner alone', async () => {
  const { status } = await print(await write('one.ndjson', `${JSON.stringify({ jws: passes[0] })}\n`));
  assert.equal(status, 0);
  assert.equal((await stat(join(folder, 'cards.pdf'))).mode & 0o777, 0o600);
});
