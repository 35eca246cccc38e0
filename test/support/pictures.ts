import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** A picture by the brightness of its pixels, 0 to 255. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly at: (x: number, y: number) => number;
}

/** A PNG chunk with its length and CRC. */
export function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length);
  chunk.set(body, 4);
  chunk.writeUInt32BE(crc32(body), 4 + body.length);
  return chunk;
}

/** A greyscale PNG of eight bits with those declared sides and that (compressed) data. */
export function pngWith(
  width: number,
  height: number,
  data: Uint8Array,
  depth = 8,
  colourType = 0,
): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([depth, colourType], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const end = pngChunk('IEND', new Uint8Array());
  return new Uint8Array(Buffer.concat([signature, pngChunk('IHDR', header), pngChunk('IDAT', data), end]));
}

export function pngOf({ width, height, at }: Picture): Uint8Array {
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = at(x, y);
  return pngWith(width, height, deflateSync(rows));
}

/**
 * A baseline greyscale JPEG whose blocks of 8 × 8 pixels are each of one brightness: the picture's pixels, eight times
 * as large. Only DC coefficients are written, quantised by 8, in Huffman codes of four bits.
 */
export function jpegOf({ width, height, at }: Picture): Uint8Array {
  let bits = '';
  let before = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const level = at(x, y) - 128;
      const step = level - before;
      before = level;
      const size = step === 0 ? 0 : Math.floor(Math.log2(Math.abs(step))) + 1;
      const value = step < 0 ? step + 2 ** size - 1 : step;
      bits +=
        size.toString(2).padStart(4, '0') + (size === 0 ? '' : value.toString(2).padStart(size, '0')) + '0';
    }
  }
  const scan: number[] = [];
  for (let i = 0; i < bits.length; i += 8) {
    const byte = Number.parseInt(bits.slice(i, i + 8).padEnd(8, '1'), 2);
    scan.push(byte, ...(byte === 0xff ? [0] : []));
  }
  const sizes = [(8 * height) >> 8, (8 * height) & 255, (8 * width) >> 8, (8 * width) & 255];
  return Uint8Array.from([
    0xff,
    0xd8,
    ...jpegSegment(0xdb, [0, ...Array<number>(64).fill(8)]),
    ...jpegSegment(0xc0, [8, ...sizes, 1, 1, 0x11, 0]),
    ...jpegSegment(0xc4, [0x00, 0, 0, 0, 9, ...Array<number>(12).fill(0), 0, 1, 2, 3, 4, 5, 6, 7, 8]),
    ...jpegSegment(0xc4, [0x10, 1, ...Array<number>(15).fill(0), 0]),
    ...jpegSegment(0xda, [1, 1, 0, 0, 63, 0]),
    ...scan,
    0xff,
    0xd9,
  ]);
}

export function jpegSegment(marker: number, data: readonly number[]): number[] {
  return [0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255, ...data];
}

/** The modules of a QR code drawn by our PNG renderer (one bit a pixel, eight pixels a module), quiet zone included. */
export function modulesOf(png: Uint8Array): Picture {
  const file = Buffer.from(png);
  const width = file.readUInt32BE(16) / 8;
  const rows = inflateSync(file.subarray(41, 41 + file.readUInt32BE(33)));
  return { width, height: width, at: (x, y) => rows[y * 8 * (width + 1) + 1 + x] ?? 0 };
}

export function enlarged({ width, height, at }: Picture, scale: number): Picture {
  return {
    width: width * scale,
    height: height * scale,
    at: (x, y) => at(Math.floor(x / scale), Math.floor(y / scale)),
  };
}

/** The picture turned by that many degrees about its middle, on white. */
export function turned({ width, height, at }: Picture, degrees: number): Picture {
  const side = Math.ceil(Math.hypot(width, height));
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return {
    width: side,
    height: side,
    at(x, y) {
      const [dx, dy] = [x - side / 2, y - side / 2];
      const [u, v] = [
        Math.floor(cos * dx + sin * dy + width / 2),
        Math.floor(cos * dy - sin * dx + height / 2),
      ];
      return u >= 0 && v >= 0 && u < width && v < height ? at(u, v) : 255;
    },
  };
}

export function inverted(picture: Picture): Picture {
  return { ...picture, at: (x, y) => 255 - picture.at(x, y) };
}

export function sideBySide(left: Picture, right: Picture): Picture {
  return {
    width: left.width + right.width,
    height: Math.max(left.height, right.height),
    at(x, y) {
      const [part, u] = x < left.width ? [left, x] : [right, x - left.width];
      return y < part.height ? part.at(u, y) : 255;
    },
  };
}
