import { prepareZXingModule, purgeZXingModule, readBarcodes, type ReadResult } from 'zxing-wasm/reader';
import { FormatError } from './errors.ts';
import { assertPicture } from './picture.ts';

/**
 * Trying harder looks at every row, and at every three finder patterns together: a picture of nothing but finder patterns
 * (120 kB as a PNG) would keep it busy for half a minute at 36 megapixels, and for half a second at this size.
 */
const MAX_PIXELS_TRIED_HARDER = 4_000_000;

/**
 * The texts of all QR codes in a PNG or JPEG file, each once; none is no error, since most pictures hold none.
 *
 * Finds several codes in one picture, turned, mirrored or inverted. `loadWasm` gives the bytes of zxing-wasm's
 * `reader/zxing_reader.wasm`, which is otherwise fetched from a CDN; nothing here goes to the network.
 *
 * @throws {FormatError} UNSUPPORTED_FORMAT if it is neither PNG nor JPEG; TOO_LARGE beyond the limits of
 * {@link assertPicture}, before anything is decoded; MALFORMED if the picture is damaged.
 */
export async function readQrCodes(image: Uint8Array, loadWasm: () => Promise<Uint8Array>): Promise<string[]> {
  const pixels = await assertPicture(image);
  await prepareReader(loadWasm);
  let results = await decode(image, false);
  if (results.length === 0 && pixels <= MAX_PIXELS_TRIED_HARDER) results = await decode(image, true);
  // zxing answers a picture that it cannot load with one invalid result, not with an exception; codes that it finds but
  // cannot read it leaves out.
  if (results.some((result) => !result.isValid)) throw damaged();
  return [...new Set(results.map((result) => result.text))];
}

/** Pixels as a canvas gives them: red, green, blue and opacity, a byte each. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** What one frame of a camera shows. */
export interface Glimpse {
  /** The texts of its QR codes, each once. */
  readonly texts: readonly string[];
  /** There is a code that could not be read: blurred by a hand that moves, or too far away. */
  readonly isUnclear: boolean;
}

/**
 * The QR codes in one frame of a camera.
 *
 * @param thorough look at every row: for codes that are small or blurred, at two to three times the cost
 */
export async function readQrPixels(
  { width, height, data }: Pixels,
  loadWasm: () => Promise<Uint8Array>,
  thorough: boolean,
): Promise<Glimpse> {
  await prepareReader(loadWasm);
  const results = await decode({ width, height, data, colorSpace: 'srgb' }, thorough, true);
  const texts = [...new Set(results.filter(({ isValid }) => isValid).map(({ text }) => text))];
  return { texts, isUnclear: texts.length === 0 && results.length > 0 };
}

let prepared = false;

/** zxing-wasm keeps one instance, made from the first bytes it is given. */
async function prepareReader(loadWasm: () => Promise<Uint8Array>): Promise<void> {
  if (prepared) return;
  const wasm = await loadWasm();
  try {
    const wasmBinary = wasm.slice().buffer;
    await prepareZXingModule({ overrides: { wasmBinary }, equalityFn: () => true, fireImmediately: true });
    prepared = true;
  } catch (error) {
    // A failed instance would be kept too, and fail for ever.
    purge();
    throw error;
  }
}

function purge(): void {
  prepared = false;
  purgeZXingModule();
}

async function decode(
  image: Uint8Array | ImageData,
  tryHarder: boolean,
  returnErrors = false,
): Promise<ReadResult[]> {
  try {
    return await readBarcodes(image, {
      formats: ['QRCode'],
      tryHarder,
      tryRotate: true,
      tryInvert: true,
      tryDownscale: true,
      textMode: 'Plain',
      returnErrors,
    });
  } catch {
    // A trap leaves the instance's memory in an unknown state: the next picture gets a new one.
    purge();
    throw damaged();
  }
}

function damaged(): FormatError {
  return new FormatError('MALFORMED', 'The picture is damaged and cannot be decoded.');
}
