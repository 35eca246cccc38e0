import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { encodeCardUri } from '../../credential/shc-uri.ts';
import { encodeCardFile } from '../../credential/smart-health-card-file.ts';
import { renderQrPng } from '../../credential/qr.ts';
import { signBundle } from '../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../verifier/node/exporter-key.ts';
import { ISS, mintCard, mintPass, mintPayload, newKey, trustDocument, trustedKey } from '../support/cards.ts';
import { run, verifyJson } from '../support/cli.ts';
import { pngChunk, pngOf } from '../support/pictures.ts';

const key = newKey();
const exporter = oneTimeExporterKey();
const card = mintCard(key);
const now = Math.floor(Date.now() / 1000);
let folder: string;
let trusted: readonly string[];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-verify-'));
  const document = trustDocument({ keys: [trustedKey(key)], takenAt: now });
  await writeFile(join(folder, 'trust'), signBundle(document, exporter));
  trusted = ['--trust', join(folder, 'trust'), '--exporter', exporter.kid];
});
after(() => rm(folder, { recursive: true }));

const inFolder = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};

describe('pratique verify reads', () => {
  test('a JWS, the text of a QR code, standard input, a card file and a picture alike', async () => {
    const inputs = [
      card,
      encodeCardUri(card, 'shc'),
      await inFolder('card.smart-health-card', encodeCardFile([card, card])),
      await inFolder('card.png', await renderQrPng(card, 'shc')),
      await inFolder('card.txt', `${card}\n`),
      '-',
    ];
    const { status, decisions } = await verifyJson([...trusted, ...inputs], { stdin: card });
    assert.deepEqual(
      decisions.map(({ source, codes }) => [source, codes]),
      [
        ['argument 1', ['VALID']],
        ['argument 2', ['VALID']],
        [inputs[2], ['VALID']],
        [inputs[2], ['VALID']],
        [inputs[3], ['VALID']],
        [inputs[4], ['VALID']],
        ['-', ['VALID']],
      ],
    );
    assert.equal(status, 0);
  });

  test('a Pass under pratique:/, and each of several codes in one text', async () => {
    const pass = encodeCardUri(mintPass(key, { exp: now + 60 }), 'pratique');
    const codes = await inFolder('codes.txt', `${pass}\r\n${encodeCardUri(card, 'shc')}\n`);
    const { decisions } = await verifyJson([...trusted, codes]);
    assert.deepEqual(
      decisions.map(({ outcome }) => outcome),
      ['accepted', 'accepted'],
    );
  });

  test('the chunks of one card from several inputs in any order, and says so when one is missing', async () => {
    const [first, second] = chunksOf(card);
    const whole = await verifyJson([...trusted, second, first]);
    assert.deepEqual(
      whole.decisions.map(({ source, codes }) => [source, codes]),
      [['argument 1', ['VALID']]],
    );
    const twice = await verifyJson([...trusted, first, first, second]);
    assert.deepEqual(
      twice.decisions.map(({ codes }) => codes),
      [['VALID']],
    );
    const part = await verifyJson([...trusted, second]);
    assert.deepEqual([part.status, part.decisions[0]?.codes], [3, ['INCOMPLETE_QR']]);
  });
});

describe('pratique verify answers', () => {
  test('from a photograph larger than any text may be', async () => {
    const png = await renderQrPng(card, 'shc');
    // A PNG may carry data of its own behind its first chunks, as cameras write it.
    const padded = await inFolder('photo.png', withChunk(png, 'ruLZ', new Uint8Array(6_000_000)));
    const { decisions } = await verifyJson([...trusted, padded]);
    assert.deepEqual(decisions[0]?.codes, ['VALID']);
  });

  test('what was proved of a card before its reading ended', async () => {
    const odd = mintPayload(key, { iss: ISS, nbf: 1, vc: { type: ['urn:other'] } });
    const { decisions } = await verifyJson([...trusted, odd]);
    assert.deepEqual([decisions[0]?.codes, decisions[0]?.checks['signature']], [['MALFORMED'], 'passed']);
  });

  test('with the highest exit status of all its decisions', async () => {
    const expired = mintCard(key, { exp: now - 10 });
    const statuses = async (...inputs: string[]): Promise<number | null> =>
      (await verifyJson([...trusted, ...inputs])).status;
    assert.equal(await statuses(card), 0);
    assert.equal(await statuses(card, expired), 1);
    assert.equal(await statuses('no-such-file', expired, card), 3);
  });

  test('undetermined without trust data, with damaged trust data, and with an exporter nobody pinned', async () => {
    const bundle = await readFile(join(folder, 'trust'), 'utf8');
    const damaged = await inFolder(
      'damaged',
      bundle.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A')),
    );
    const codesOf = async (...args: string[]): Promise<unknown> => {
      const { status, decisions } = await verifyJson([...args, card], { cwd: folder });
      assert.equal(status, 2);
      return decisions[0]?.codes;
    };
    assert.deepEqual(await codesOf('--trust', join(folder, 'absent')), ['TRUST_MISSING']);
    assert.deepEqual(await codesOf(), ['TRUST_MISSING']);
    assert.deepEqual(await codesOf('--trust', damaged), ['TRUST_INVALID']);
    assert.deepEqual(await codesOf('--trust', await inFolder('no-bundle', '')), ['TRUST_INVALID']);
    assert.deepEqual(await codesOf('--trust', '/dev/zero'), ['TRUST_INVALID']);
    assert.deepEqual(await codesOf('--trust', join(folder, 'trust')), ['TRUST_UNANCHORED']);
  });

  test('by another moment with --at, and "could not check" for rules that are not here', async () => {
    const expired = mintCard(key, { exp: now - 10 });
    const earlier = await verifyJson([...trusted, '--at', String(now - 20), expired]);
    assert.deepEqual(earlier.decisions[0]?.codes, ['VALID']);
    const ruled = await verifyJson([...trusted, '--rules', 'us-ny', card]);
    assert.deepEqual([ruled.status, ruled.decisions[0]?.codes], [2, ['RULES_UNAVAILABLE']]);
  });

  test('people in words: outcome, code, whom to compare, and every check', async () => {
    const { status, stdout } = await run('pratique', ['verify', ...trusted, card]);
    assert.equal(status, 0);
    for (const part of ['ACCEPTED', 'VALID', 'Nora Nobody', '1980-02-29', 'US-NO', 'signature ✓']) {
      assert.ok(stdout.includes(part), part);
    }
  });

  test('without control or direction characters of a name', async () => {
    const named = mintCard(key, withName('Eve\u202Edetpecca\u001B[2J'));
    const { stdout } = await run('pratique', ['verify', ...trusted, named]);
    const json = await verifyJson([...trusted, named]);
    assert.equal(json.decisions[0]?.subject?.name, 'Eve\u202Edetpecca\u001B[2J');
    const printed = (await run('pratique', ['verify', '--json', ...trusted, named])).stdout;
    assert.ok(!printed.includes('\u202E'));
    for (const hidden of ['\u202E', '\u001B']) assert.ok(!stdout.includes(hidden));
  });
});

describe('pratique verify never carries the credential back', () => {
  test('not as the source of text that is cut, spaced, or without its prefix', async () => {
    const digits = encodeCardUri(card, 'shc').slice('shc:/'.length);
    const inputs = [` ${card}`, card.slice(0, card.lastIndexOf('.')), digits, `${card}=`, `${card}\n${card}`];
    const { decisions } = await verifyJson([...trusted, ...inputs]);
    const printed = JSON.stringify(decisions);
    for (const part of [card.slice(0, 40), card.slice(-40), digits.slice(0, 40)]) {
      assert.ok(!printed.includes(part));
    }
    assert.deepEqual(
      decisions.map(({ source, codes }) => [source, codes]),
      [
        ['argument 1', ['VALID']],
        ['argument 2', ['MALFORMED']],
        ['argument 3', ['MALFORMED']],
        ['argument 4', ['MALFORMED']],
        ['argument 5', ['VALID']],
        ['argument 5', ['VALID']],
      ],
    );
  });

  test('not in any decision, even of a card that is accepted', async () => {
    const { stdout } = await run('pratique', ['verify', '--json', ...trusted, card]);
    assert.ok(!stdout.includes('eyJ') && !stdout.includes('fhirBundle'));
  });
});

describe('pratique verify refuses', () => {
  const unreadable: readonly (readonly [string, () => Promise<string>, string])[] = [
    ['a file that is not there', async () => join(folder, 'nowhere'), 'INPUT_NOT_FOUND'],
    ['a folder', async () => folder, 'INPUT_NOT_FOUND'],
    ['an empty file', async () => inFolder('empty', ''), 'MALFORMED'],
    ['a picture without a QR code', blankPicture, 'UNSUPPORTED_FORMAT'],
    [
      'a damaged picture',
      async () => inFolder('cut.png', (await readFile(await blankPicture())).subarray(0, 40)),
      'MALFORMED',
    ],
    ['a text of 10 MB', async () => inFolder('large', 'a'.repeat(10_000_000)), 'TOO_LARGE'],
    ['a text that is no card', async () => inFolder('prose', 'Dear Sir or Madam'), 'MALFORMED'],
    ['a file of no credentials', async () => inFolder('none', '{"verifiableCredential":[]}'), 'MALFORMED'],
    ['a QR code of another kind', async () => inFolder('link', 'https://example.org/'), 'UNSUPPORTED_FORMAT'],
    ['bytes that are no text', async () => inFolder('bytes', Uint8Array.of(0xff, 0xfe, 0, 1)), 'MALFORMED'],
    ['a file of a million lines', async () => inFolder('lines', 'a\n'.repeat(1_000_000)), 'TOO_LARGE'],
    [
      'more credentials than anyone holds',
      async () => inFolder('many', encodeCardFile(Array<string>(1001).fill('a'))),
      'TOO_LARGE',
    ],
    [
      'a million lines that are no codes',
      async () => inFolder('colons', 'a:/\n'.repeat(1_200_000)),
      'TOO_LARGE',
    ],
    ['a byte order mark before a card', async () => inFolder('bom', `\uFEFF${card}`), 'MALFORMED'],
    ['an endless device', async () => '/dev/zero', 'TOO_LARGE'],
    ['an encrypted token', async () => 'eyJhbGciOiJkaXIifQ.AA.AA.AA.AA', 'UNSUPPORTED_FORMAT'],
  ];
  for (const [what, make, code] of unreadable) {
    test(`${what}: ${code}, exit 3`, async () => {
      const { status, decisions } = await verifyJson([...trusted, await make()]);
      assert.deepEqual([status, decisions.map(({ codes }) => codes)], [3, [[code]]]);
      assert.equal(decisions[0]?.outcome, 'unreadable');
    });
  }

  test('10 MB on standard input without reading all of it', async () => {
    const { status, decisions } = await verifyJson([...trusted, '-'], { stdin: 'a'.repeat(10_000_000) });
    assert.deepEqual([status, decisions[0]?.codes], [3, ['TOO_LARGE']]);
  });
});

async function blankPicture(): Promise<string> {
  return inFolder('blank.png', pngOf({ width: 200, height: 200, at: () => 255 }));
}

/** A PNG with one more ancillary chunk behind its header. */
function withChunk(png: Uint8Array, type: string, data: Uint8Array): Uint8Array {
  const afterHeader = 8 + 25;
  return Buffer.concat([png.subarray(0, afterHeader), pngChunk(type, data), png.subarray(afterHeader)]);
}

function chunksOf(jws: string): readonly [string, string] {
  const digits = encodeCardUri(jws, 'shc').slice('shc:/'.length);
  const half = Math.floor(digits.length / 4) * 2;
  return [`shc:/1/2/${digits.slice(0, half)}`, `shc:/2/2/${digits.slice(half)}`];
}

function withName(family: string): Parameters<typeof mintCard>[1] {
  return {
    fhirBundle: {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ fullUrl: 'resource:0', resource: { resourceType: 'Patient', name: [{ family }] } }],
    },
  };
}

describe('pratique verify speaks', () => {
  test('the language of --lang before that of the locale, and refuses one it does not speak', async () => {
    const args = ['verify', ...trusted, card];
    const asked = await run('pratique', [...args, '--lang', 'zh-TW'], { locale: 'es_ES.UTF-8' });
    assert.match(asked.stdout, /^✓ 通過 {2}/);
    const local = await run('pratique', args, { locale: 'es_ES.UTF-8' });
    assert.match(local.stdout, /^✓ ACEPTADA {2}/);
    assert.equal((await run('pratique', [...args, '--lang', 'fr'])).status, 64);
  });

  test('JSON without words unless a language was asked for, whatever the locale', async () => {
    const reasonsOf = async (...more: string[]) => {
      const { stdout } = await run('pratique', ['verify', '--json', ...trusted, ...more, card], {
        locale: 'es_ES.UTF-8',
      });
      return (JSON.parse(stdout) as { reasons?: unknown }[])[0]?.reasons;
    };
    assert.equal(await reasonsOf(), undefined);
    assert.deepEqual(await reasonsOf('--lang', 'es'), [
      { code: 'VALID', text: 'Todas las comprobaciones son correctas.' },
    ]);
  });
});
