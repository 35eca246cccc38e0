import { FormatError } from './errors.ts';

/** More than a phone's camera takes in its ordinary mode. */
const MAX_PIXELS = 40_000_000;

/** That many pixels at four samples of eight bits; pictures of sixteen bits a sample may have half as many. */
const MAX_DECODED_BYTES = 4 * MAX_PIXELS;

/** What a picture of that size needs as a file, generously. */
export const MAX_PICTURE_BYTES = 32 * 1024 * 1024;

/**
 * A progressive JPEG has about ten scans, each a pass over the whole picture that may be written in a few bytes:
 * without a limit a small file keeps the decoder busy for hours.
 */
const MAX_SCANS = 64;

/**
 * Encoders write a PNG's data in chunks of eight kilobytes or more. In chunks of nothing a file of 32 MiB has millions,
 * which took twenty seconds and three gigabytes.
 */
const MAX_CHUNKS = 16_384;

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8, 0xff];

/** True of what begins as a PNG or a JPEG does; neither beginning is UTF-8. */
export function isPicture(bytes: Uint8Array): boolean {
  return startsWith(bytes, PNG.slice(0, 4)) || startsWith(bytes, JPEG);
}

/**
 * Refuses a picture that would be costly to decode, by its declared size and structure, before it is decoded; the answer
 * is its size in pixels.
 *
 * @throws {FormatError} UNSUPPORTED_FORMAT if it is neither PNG nor baseline or progressive JPEG; TOO_LARGE beyond 32 MiB,
 * 40 megapixels or 160 MB decoded, 64 JPEG scans or 16,384 PNG chunks, or if the PNG inflates to more than its declared
 * size; MALFORMED if damaged.
 */
export async function assertPicture(image: Uint8Array): Promise<number> {
  if (image.length > MAX_PICTURE_BYTES) throw tooLarge();
  if (startsWith(image, PNG)) return assertPng(image);
  if (startsWith(image, JPEG)) return assertJpeg(image);
  throw new FormatError('UNSUPPORTED_FORMAT', 'The file is neither a PNG nor a JPEG picture.');
}

/** PNG §11.2.1: samples per pixel by colour type. */
const PNG_SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

async function assertPng(image: Uint8Array): Promise<number> {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  if (image.length < 33 || view.getUint32(8) !== 13 || chunkType(image, 8) !== 'IHDR') throw damaged();
  const [width, height, depth] = [view.getUint32(16), view.getUint32(20), view.getUint8(24)];
  const samples = PNG_SAMPLES[view.getUint8(25)];
  if (samples === undefined || depth > 16) throw damaged();
  assertSize(width, height);
  if ((width * height * samples * depth) / 8 > MAX_DECODED_BYTES) throw tooLarge();
  // Each row is led by a byte, and the seven passes of an interlaced picture (§8.2) have less than 2 × 8 rows more together.
  const most = Math.ceil((width * samples * depth) / 8 + 1) * height + 8 * (width + 2 * height) * samples;

  const data = new Uint8Array(image.length);
  let [end, chunks] = [0, 0];
  for (let at = 8; at + 12 <= image.length;) {
    const length = view.getUint32(at);
    const type = chunkType(image, at);
    if (at + 12 + length > image.length) throw damaged();
    if (++chunks > MAX_CHUNKS) throw tooLarge();
    if (type === 'IDAT') {
      data.set(image.subarray(at + 8, at + 8 + length), end);
      end += length;
    }
    if (type === 'IEND') break;
    at += 12 + length;
  }
  await assertInflatedSize(data.subarray(0, end), most);
  return width * height;
}

/** Counts what a PNG's data inflates to, keeping none of it: the decoder itself allots whatever the stream asks for. */
async function assertInflatedSize(data: Uint8Array<ArrayBuffer>, most: number): Promise<void> {
  let length = 0;
  try {
    const reader = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate')).getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      length += read.value.length;
      if (length > most) {
        await reader.cancel();
        break;
      }
    }
  } catch {
    throw damaged();
  }
  if (length > most) throw tooLarge();
}

const SOS = 0xda;
const EOI = 0xd9;

function assertJpeg(image: Uint8Array): number {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  let scans = 0;
  let pixels = 0;
  for (let at = nextMarker(image, 2); at !== undefined;) {
    const marker = image[at + 1] ?? EOI;
    if (marker === EOI) break;
    if (at + 4 > image.length) throw damaged();
    const length = view.getUint16(at + 2);
    if (isFrame(marker)) {
      if (marker > 0xc2) {
        throw new FormatError('UNSUPPORTED_FORMAT', 'This kind of JPEG picture is not read.');
      }
      if (at + 9 > image.length) throw damaged();
      const [width, height] = [view.getUint16(at + 7), view.getUint16(at + 5)];
      assertSize(width, height);
      pixels = Math.max(pixels, width * height);
    }
    if (marker === SOS && ++scans > MAX_SCANS) throw tooLarge();
    at = nextMarker(image, at + 2 + length);
  }
  if (pixels === 0) throw damaged();
  return pixels;
}

/** T.81 table B.1: start of frame is C0 to CF but for DHT, JPG and DAC. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** T.81 §B.1.1.2: the next marker that is not a stuffed zero, a restart or a fill byte, past the data of a scan. */
function nextMarker(image: Uint8Array, from: number): number | undefined {
  for (let at = image.indexOf(0xff, from); at !== -1; at = image.indexOf(0xff, at + 1)) {
    const code = image[at + 1] ?? 0;
    if (code !== 0x00 && code !== 0xff && (code < 0xd0 || code > 0xd7)) return at;
  }
  return undefined;
}

function assertSize(width: number, height: number): void {
  if (width === 0 || height === 0) throw damaged();
  if (width * height > MAX_PIXELS) throw tooLarge();
}

function chunkType(image: Uint8Array, at: number): string {
  return String.fromCharCode(...image.subarray(at + 4, at + 8));
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}

function damaged(): FormatError {
  return new FormatError('MALFORMED', 'The picture is damaged and cannot be decoded.');
}

function tooLarge(): FormatError {
  return new FormatError('TOO_LARGE', 'The picture is larger than 40 megapixels or would become so.');
}
