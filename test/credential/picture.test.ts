import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { assertPicture } from '../../credential/picture.ts';
import { jpegOf, jpegSegment, pngChunk, pngOf, pngWith } from '../support/pictures.ts';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const small = { width: 16, height: 16, at: (x: number, y: number) => 16 * y + x };

const jpegWith = (...segments: number[][]): Uint8Array =>
  Uint8Array.from([0xff, 0xd8, ...segments.flat(), 0xff, 0xd9]);
const frame = (width: number, height: number, marker = 0xc0): number[] =>
  jpegSegment(marker, [8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]);
const scan = [...jpegSegment(0xda, [1, 1, 0, 0, 63, 0]), 0x12, 0xff, 0x00, 0xff, 0xd0, 0x34];
const scans = (count: number): number[][] => Array.from({ length: count }, () => scan);

describe('a picture, before it is decoded', () => {
  test('is let through when it is a PNG or JPEG of ordinary size', async () => {
    await assertPicture(pngOf(small));
    await assertPicture(jpegOf(small));
    await assertPicture(jpegWith([0xff, 0xff], frame(8, 8), [0xff, 0xff, 0xff], scan));
    await assertPicture(jpegWith(frame(4_000, 3_000, 0xc2), ...scans(10)));
  });

  test('may be of every PNG kind, interlaced or not', async () => {
    const rows = (bits: number): Uint8Array =>
      deflateSync(new Uint8Array((Math.ceil((32 * bits) / 8) + 1) * 32));
    const kinds = [
      [1, 0],
      [2, 0],
      [4, 0],
      [8, 0],
      [16, 0],
      [8, 2],
      [16, 2],
      [1, 3],
      [8, 3],
      [8, 4],
      [16, 4],
      [8, 6],
      [16, 6],
    ] as const;
    const samples: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
    for (const [depth, kind] of kinds) {
      await assertPicture(pngWith(32, 32, rows(depth * (samples[kind] ?? 0)), depth, kind));
    }
    // 33 × 33 interlaced has 7 passes: 5×5, 4×5, 9×4, 8×9, 17×8, 16×17, 33×16 pixels.
    const passes = [
      [5, 5],
      [4, 5],
      [9, 4],
      [8, 9],
      [17, 8],
      [16, 17],
      [33, 16],
    ] as const;
    const bytes = passes.reduce((sum, [width, height]) => sum + (width + 1) * height, 0);
    const interlaced = pngWith(33, 33, deflateSync(new Uint8Array(bytes)));
    interlaced[28] = 1;
    await assertPicture(interlaced);
  });

  test('is too large from 40 megapixels on', async () => {
    await assertPicture(pngWith(8_000, 5_000, deflateSync(new Uint8Array())));
    await assertPicture(jpegWith(frame(8_000, 5_000)));
    for (const [width, height] of [
      [8_000, 5_001],
      [40_000_001, 1],
      [2 ** 31, 2 ** 31],
      [65_535, 65_535],
    ] as const) {
      await assert.rejects(assertPicture(pngWith(width, height, deflateSync(new Uint8Array()))), {
        code: 'TOO_LARGE',
      });
    }
    for (const [width, height] of [
      [8_000, 5_001],
      [65_535, 65_535],
    ] as const) {
      await assert.rejects(assertPicture(jpegWith(frame(width, height))), { code: 'TOO_LARGE' });
    }
  });

  test('is too large when its samples make more than 160 MB of it, or its file has more than 32 MiB', async () => {
    const none = deflateSync(new Uint8Array());
    await assertPicture(pngWith(8_000, 5_000, none, 8, 6));
    await assert.rejects(assertPicture(pngWith(8_000, 5_000, none, 16, 6)), { code: 'TOO_LARGE' });
    await assert.rejects(assertPicture(new Uint8Array(32 * 1024 * 1024 + 1)), { code: 'TOO_LARGE' });
  });

  test('is too large when its data inflates beyond the size it declares', async () => {
    const bomb = pngWith(1, 1, deflateSync(new Uint8Array(256 * 1024 * 1024)));
    const before = process.memoryUsage().rss;
    await assert.rejects(assertPicture(bomb), { code: 'TOO_LARGE' });
    assert.ok(process.memoryUsage().rss - before < 32 * 1024 * 1024);
  });

  test('is too large when a JPEG goes over itself more than 64 times', async () => {
    await assertPicture(jpegWith(frame(8, 8, 0xc2), ...scans(64)));
    await assert.rejects(assertPicture(jpegWith(frame(8, 8, 0xc2), ...scans(65))), {
      code: 'TOO_LARGE',
    });
  });

  test('is too large when a PNG is cut into more than 16,384 chunks, and found so at once', async () => {
    const png = Buffer.from(pngOf(small));
    const before = png.length - 12;
    const cut = (chunks: number): Uint8Array => {
      const empty = pngChunk('IDAT', new Uint8Array());
      const filling = Buffer.alloc(chunks * empty.length, empty);
      return Buffer.concat([png.subarray(0, before), filling, png.subarray(before)]);
    };
    // Header, data and end are three.
    await assertPicture(cut(16_381));
    const begun = performance.now();
    for (const chunks of [16_382, 2_500_000]) {
      await assert.rejects(assertPicture(cut(chunks)), { code: 'TOO_LARGE' });
    }
    assert.ok(performance.now() - begun < 2_000);
  });

  test('is judged by itself, not by a thumbnail inside it or by what follows it', async () => {
    const thumbnail = jpegSegment(0xe1, [...frame(65_535, 65_535), ...scans(99).flat()]);
    const jpeg = jpegWith(thumbnail, frame(8, 8), scan);
    await assertPicture(jpeg);
    await assertPicture(Uint8Array.from([...jpeg, ...scans(99).flat()]));
    await assert.rejects(assertPicture(jpegWith(thumbnail)), { code: 'MALFORMED' });
  });

  test('is of no format read here when it is lossless or arithmetic JPEG, or anything else', async () => {
    for (const marker of [0xc3, 0xc5, 0xc9, 0xcf]) {
      await assert.rejects(assertPicture(jpegWith(frame(8, 8, marker))), { code: 'UNSUPPORTED_FORMAT' });
    }
    for (const start of ['', 'GIF89a', 'BM', 'RIFF0000WEBP', '<svg', '\x89PNG', '\xff\xd8']) {
      await assert.rejects(assertPicture(Buffer.from(start, 'latin1')), { code: 'UNSUPPORTED_FORMAT' });
    }
  });

  test('is damaged when its header, chunks or stream are not whole', async () => {
    const png = pngOf(small);
    const cut = [8, 20, 32, 40, png.length - 14].map((length) => png.slice(0, length));
    const other = Buffer.concat([SIGNATURE, pngChunk('CgBI', png.subarray(16, 29)), png.subarray(33)]);
    const apple = Buffer.concat([SIGNATURE, pngChunk('CgBI', new Uint8Array(4)), png.subarray(8)]);
    const broken = [
      pngWith(0, 9, deflateSync(new Uint8Array())),
      pngWith(9, 0, deflateSync(new Uint8Array())),
      pngWith(9, 9, deflateSync(new Uint8Array()), 8, 5),
      pngWith(9, 9, deflateSync(new Uint8Array()), 17),
      pngWith(9, 9, Buffer.from('no zlib')),
      apple,
      other,
      jpegWith(),
      jpegWith(frame(0, 8)),
      jpegWith(frame(8, 0)),
      Uint8Array.of(0xff, 0xd8, 0xff, 0xc0, 0, 17, 8),
      Uint8Array.of(0xff, 0xd8, 0xff, 0xc0),
    ];
    for (const image of [...cut, ...broken])
      await assert.rejects(assertPicture(image), { code: 'MALFORMED' });
  });

  test('is let through or refused with a code, whatever its bytes', async () => {
    const seeds = [Buffer.from(pngOf(small)), Buffer.from(jpegOf(small))];
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...seeds), changes, fc.nat(), async (seed, edits, length) => {
        const image = Uint8Array.from(
          seed.subarray(0, length % 2 === 0 ? seed.length : length % seed.length),
        );
        for (const [at, byte] of edits) image[at % seed.length] = byte;
        await assertPicture(image).catch((error: unknown) =>
          assert.equal((error as Error).name, 'FormatError'),
        );
      }),
    );
  });
});
