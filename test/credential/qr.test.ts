import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import {
  MAX_QR_JWS,
  renderQrPng,
  renderQrSvg,
  renderQrTerminal,
  renderTextPath,
} from '../../credential/qr.ts';
import { encodeCardUri } from '../../credential/shc-uri.ts';
import { dataDir } from '../support/data.ts';
import { modulesOf, type Picture } from '../support/pictures.ts';

const QUIET_ZONE = 4;
const cardOf = (length: number): string => 'eyJ.'.repeat(Math.ceil(length / 4)).slice(0, length);

const versionOf = ({ width }: Picture): number => (width - 2 * QUIET_ZONE - 17) / 4;

/** The first data bits of a version 18-L symbol: format and function patterns of ISO/IEC 18004 §7 and annexes C to E. */
function firstBits(picture: Picture, count: number): { level: number; bits: string } {
  const size = 89;
  const dark = (x: number, y: number): boolean => picture.at(x + QUIET_ZONE, y + QUIET_ZONE) === 0;
  let format = 0;
  for (let x = 0; x < 5; x++) format = (format << 1) | Number(dark(x, 8));
  format ^= 0b10101;
  const [level, mask] = [format >> 3, format & 7];
  const masks: ((x: number, y: number) => boolean)[] = [
    (x, y) => (x + y) % 2 === 0,
    (_, y) => y % 2 === 0,
    (x) => x % 3 === 0,
    (x, y) => (x + y) % 3 === 0,
    (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
    (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
    (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
    (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
  ];
  const near = (at: number): boolean => at <= 8;
  const far = (at: number): boolean => at >= size - 8;
  const centres = [6, 30, 56, 82];
  const reserved = (x: number, y: number): boolean =>
    (near(x) && near(y)) ||
    (far(x) && near(y)) ||
    (near(x) && far(y)) ||
    x === 6 ||
    y === 6 ||
    (x >= size - 11 && y < 6) ||
    (y >= size - 11 && x < 6) ||
    centres.some((cx) =>
      centres.some(
        (cy) =>
          !(cx === 6 && cy === 6) &&
          !(cx === 6 && cy === 82) &&
          !(cx === 82 && cy === 6) &&
          Math.abs(x - cx) <= 2 &&
          Math.abs(y - cy) <= 2,
      ),
    );
  let stream = '';
  let upwards = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right--;
    for (let i = 0; i < size; i++) {
      const y = upwards ? size - 1 - i : i;
      for (const x of [right, right - 1]) {
        if (!reserved(x, y)) stream += Number(dark(x, y) !== (masks[mask]?.(x, y) ?? false));
      }
    }
    upwards = !upwards;
  }
  // Version 18-L has six blocks, whose codewords are interleaved: the first block's are every sixth.
  let bits = '';
  for (let codeword = 0; bits.length < count; codeword++)
    bits += stream.slice(48 * codeword, 48 * codeword + 8);
  return { level, bits: bits.slice(0, count) };
}

/** The modules as the characters of a terminal show them, after checking that every line sets its own colours. */
function fromTerminal(text: string): Picture {
  const lines = text.split('\n').slice(0, -1);
  const rows = lines.flatMap((line) => {
    const [on, off] = ['\x1b[38;5;16;48;5;231m', '\x1b[0m'];
    assert.ok(line.startsWith(on) && line.endsWith(off));
    const blocks = line.slice(on.length, -off.length);
    assert.match(blocks, /^[ ▀▄█]+$/);
    return [
      Array.from(blocks, (block) => (block === '▀' || block === '█' ? 0 : 255)),
      Array.from(blocks, (block) => (block === '▄' || block === '█' ? 0 : 255)),
    ];
  });
  const width = rows[0]?.length ?? 0;
  return { width, height: width, at: (x, y) => rows[y]?.[x] ?? 255 };
}

function fromSvg(svg: string): Picture {
  const width = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]);
  const dark = new Set<number>();
  for (const [, x, y, length] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g)) {
    for (let i = 0; i < Number(length); i++) dark.add(Number(y) * width + Number(x) + i);
  }
  return { width, height: width, at: (x, y) => (dark.has(y * width + x) ? 0 : 255) };
}

function ink({ width, height, at }: Picture): string {
  let text = '';
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) text += at(x, y) === 0 ? '#' : '.';
  return text;
}

describe('the QR code of a card', () => {
  test(
    'of official example 00 is a version 18 symbol at level L',
    {
      skip: dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false,
    },
    async () => {
      const jws = readFileSync(`${dataDir}/shc-examples/example-00-d-jws.txt`, 'utf8').trim();
      assert.equal(versionOf(modulesOf(await renderQrPng(jws, 'shc'))), 18);
    },
  );

  test('holds a byte segment of the scheme and a numeric segment of all digits', async () => {
    const jws = cardOf(804);
    const { level, bits } = firstBits(modulesOf(await renderQrPng(jws, 'shc')), 4 + 16 + 40 + 4 + 12 + 20);
    assert.equal(level, 0b01);
    const field = (from: number, length: number): number =>
      Number.parseInt(bits.slice(from, from + length), 2);
    assert.deepEqual([field(0, 4), field(4, 16)], [0b0100, 5]);
    const prefix = [0, 1, 2, 3, 4].map((i) => String.fromCharCode(field(20 + 8 * i, 8))).join('');
    assert.equal(prefix, 'shc:/');
    assert.deepEqual([field(60, 4), field(64, 12)], [0b0001, 2 * 804]);
    const digits = encodeCardUri(jws, 'shc').slice(5);
    assert.deepEqual(
      [field(76, 10), field(86, 10)],
      [Number(digits.slice(0, 3)), Number(digits.slice(3, 6))],
    );
  });

  for (const scheme of ['shc', 'pratique', 'pratique-setup'] as const) {
    const most = MAX_QR_JWS[scheme];
    test(`under ${scheme}:/ of ${most} characters is of version 22, and one more is refused`, async () => {
      assert.equal(versionOf(modulesOf(await renderQrPng(cardOf(most), scheme))), 22);
      const longer = cardOf(most + 1);
      await assert.rejects(renderQrPng(longer, scheme), { code: 'TOO_LARGE' });
      assert.throws(() => renderQrSvg(longer, scheme), { code: 'TOO_LARGE' });
      assert.throws(() => renderQrTerminal(longer, scheme), { code: 'TOO_LARGE' });
    });
  }

  test('has ceilings of 1195, 1189 and 1182 characters, and a refusal that offers the file', () => {
    assert.deepEqual(MAX_QR_JWS, { shc: 1195, pratique: 1189, 'pratique-setup': 1182 });
    assert.throws(() => renderQrSvg(cardOf(1196), 'shc'), { code: 'TOO_LARGE' });
  });

  test('is not drawn for a text that is no compact JWS', async () => {
    for (const text of ['', 'a b', 'shc:/5656']) {
      assert.throws(() => renderQrSvg(text, 'shc'), { code: 'MALFORMED' });
      assert.throws(() => renderQrTerminal(text, 'shc'), { code: 'MALFORMED' });
      await assert.rejects(renderQrPng(text, 'shc'), { code: 'MALFORMED' });
    }
  });

  for (const length of [1, 300, 804, 1189]) {
    test(`of ${length} characters is the same in SVG, PNG and terminal, with four light modules around`, async () => {
      const jws = cardOf(length);
      const png = modulesOf(await renderQrPng(jws, 'pratique'));
      const svg = renderQrSvg(jws, 'pratique');
      assert.equal(ink(fromSvg(svg)), ink(png));
      assert.equal(ink(fromTerminal(renderQrTerminal(jws, 'pratique'))), ink(png));
      const last = png.width - 1;
      for (let along = 0; along <= last; along++) {
        for (let depth = 0; depth < QUIET_ZONE; depth++) {
          const border = [
            png.at(along, depth),
            png.at(along, last - depth),
            png.at(depth, along),
            png.at(last - depth, along),
          ];
          assert.deepEqual(border, [255, 255, 255, 255]);
        }
      }
      assert.equal(png.at(QUIET_ZONE, QUIET_ZONE), 0);
    });
  }

  test('is an SVG of dark on white that asks nothing of anyone', () => {
    const svg = renderQrSvg(cardOf(100), 'shc');
    assert.match(
      svg,
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^<]*><path fill="#fff" [^<]*\/><path d="[^<]*"\/><\/svg>\n$/,
    );
    assert.doesNotMatch(svg, /href|script|style/);
  });
});

test('the code of any text is as small as its digits allow, and a text beyond any code is TOO_LARGE', () => {
  // 19 and 26: answers of wallets; a byte segment would need versions 27 and beyond.
  assert.equal((renderTextPath(`pratique-answer:/${'7'.repeat(1850)}`).size - 25) / 4, 19);
  assert.equal((renderTextPath(`openid4vp://?request=${'7'.repeat(970)}`).size - 25) / 4, 22);
  assert.throws(() => renderTextPath('x'.repeat(2954)), { code: 'TOO_LARGE' });
});
