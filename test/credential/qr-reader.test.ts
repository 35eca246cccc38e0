import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { renderQrPng, renderQrTerminal } from '../../credential/qr.ts';
import { loadQrWasm } from '../../credential/qr-reader-node.ts';
import { readQrCodes } from '../../credential/qr-reader.ts';
import { encodeCardUri } from '../../credential/shc-uri.ts';
import { dataDir } from '../support/data.ts';
import {
  enlarged,
  inverted,
  jpegOf,
  modulesOf,
  pngOf,
  pngWith,
  sideBySide,
  turned,
} from '../support/pictures.ts';

const read = (image: Uint8Array): Promise<string[]> => readQrCodes(image, loadQrWasm);

const jws = 'eyJhbGciOiJFUzI1NiJ9.'.repeat(38);
const text = encodeCardUri(jws, 'shc');
const png = await renderQrPng(jws, 'shc');
const modules = modulesOf(png);
const picture = enlarged(modules, 6);

// A test that asks the network fails: a page or a gate reads pictures offline.
globalThis.fetch = () => Promise.reject(new Error('Nothing may be fetched.'));

describe('a picture of QR codes', () => {
  for (const number of ['00', '01', '03']) {
    test(
      `that we drew of official example ${number} reads to the official text`,
      {
        skip: dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false,
      },
      async () => {
        const file = (name: string): string =>
          readFileSync(`${dataDir}/shc-examples/example-${number}-${name}.txt`, 'utf8').trim();
        const drawn = await renderQrPng(file('d-jws'), 'shc');
        assert.deepEqual(await read(drawn), [file('f-qr-code-numeric-value-0')]);
      },
    );
  }

  test('reads at the very size of a version 22 symbol, under both schemes', async () => {
    for (const [scheme, length] of [
      ['shc', 1195],
      ['pratique', 1189],
    ] as const) {
      const longest = jws.repeat(2).slice(0, length);
      assert.deepEqual(await read(await renderQrPng(longest, scheme)), [encodeCardUri(longest, scheme)]);
    }
  });

  test('reads as the terminal shows it, on light and on dark', async () => {
    // Whatever is no block belongs to a colour.
    const rows = renderQrTerminal(jws, 'shc')
      .split('\n')
      .map((line) => Array.from(line.replaceAll(/[^ ▀▄█]/gu, '')));
    const upper = (x: number, y: number): number => ('▀█'.includes(rows[y]?.[x] ?? ' ') ? 0 : 255);
    const lower = (x: number, y: number): number => ('▄█'.includes(rows[y]?.[x] ?? ' ') ? 0 : 255);
    for (const background of [0, 255]) {
      const screen = {
        width: modules.width + 40,
        height: modules.width + 40,
        at(x: number, y: number) {
          const [column, row] = [x - 20, y - 20];
          if (column < 0 || row < 0 || column >= modules.width || row >= modules.width) return background;
          return row % 2 === 0 ? upper(column, row / 2) : lower(column, (row - 1) / 2);
        },
      };
      assert.deepEqual(await read(pngOf(enlarged(screen, 5))), [text]);
    }
  });

  test('reads turned by any angle', async () => {
    for (const degrees of [7, 90, 135, 180, 270])
      assert.deepEqual(await read(pngOf(turned(picture, degrees))), [text]);
  });

  test('reads inverted, light on dark', async () => {
    assert.deepEqual(await read(pngOf(inverted(picture))), [text]);
  });

  test('reads all its codes, and the same code once', async () => {
    const other = 'eyJ6aXAiOiJERUYifQ.'.repeat(30);
    const second = enlarged(modulesOf(await renderQrPng(other, 'pratique')), 6);
    const texts = await read(pngOf(sideBySide(picture, sideBySide(second, picture))));
    assert.deepEqual(new Set(texts), new Set([text, encodeCardUri(other, 'pratique')]));
    assert.equal(texts.length, 2);
  });

  test('reads as a JPEG', async () => {
    assert.deepEqual(await read(jpegOf(modules)), [text]);
  });

  test('of nothing but finder patterns is given up soon', async () => {
    // Every three of them could be a code: trying them all took half a minute.
    const ring = (x: number, y: number): number => Math.max(Math.abs((x % 24) - 8), Math.abs((y % 24) - 8));
    const tiles = pngOf({
      width: 6_000,
      height: 6_000,
      at: (x, y) => ([0, 1, 2, 3, 6, 7].includes(ring(x, y)) ? 0 : 255),
    });
    const started = performance.now();
    assert.deepEqual(await read(tiles), []);
    assert.ok(performance.now() - started < 10_000);
  });

  test('without a code reads to nothing', async () => {
    const blank = { width: 300, height: 200, at: () => 255 };
    const noise = {
      width: 64,
      height: 48,
      at: (x: number, y: number) => Math.imul(x * 131 + y, 2_654_435_761) >>> 24,
    };
    for (const empty of [blank, noise]) {
      assert.deepEqual(await read(pngOf(empty)), []);
      assert.deepEqual(await read(jpegOf(empty)), []);
    }
  });

  test('that is damaged is refused, and the next one is read', async () => {
    const broken = png.slice().fill(0x55, 100, 400);
    const cut = png.slice(0, png.length - 300);
    const unreadable = pngWith(9, 9, deflateSync(new Uint8Array(90).fill(9)));
    for (const image of [broken, cut, unreadable, pngWith(9, 9, deflateSync(new Uint8Array(40)))]) {
      await assert.rejects(read(image), { code: 'MALFORMED' });
      assert.deepEqual(await read(png), [text]);
    }
  });

  test('that is no PNG or JPEG is refused without a decoder', async () => {
    const untouched = (): Promise<Uint8Array> => Promise.reject(new Error('The decoder was asked for.'));
    const gif = Buffer.from('GIF89a\x01\0\x01\0');
    for (const image of [new Uint8Array(), gif, Buffer.from('shc:/5656'), Uint8Array.of(0x89, 0x50)]) {
      await assert.rejects(readQrCodes(image, untouched), { code: 'UNSUPPORTED_FORMAT' });
    }
    await assert.rejects(readQrCodes(pngWith(10_000, 10_000, new Uint8Array()), untouched), {
      code: 'TOO_LARGE',
    });
  });

  test('is read by several callers at once', async () => {
    const answers = await Promise.all([read(png), read(pngOf(inverted(picture))), read(jpegOf(modules))]);
    assert.deepEqual(answers, [[text], [text], [text]]);
  });
});
