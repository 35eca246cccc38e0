import wasmAddress from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { readQrCodes, readQrPixels } from '../../../credential/qr-reader.ts';
import type { Glimpse } from '../../../credential/qr-reader.ts';
import { answerCalls } from './worker-calls.ts';

/** One picture of a camera. */
export interface Frame {
  readonly bitmap: ImageBitmap;
  /** Look at every row: slower, for codes that are small or blurred. */
  readonly thorough: boolean;
}

/** Longest side of what is looked at, in pixels: a card's code fills a good part of it, and more only costs time. */
const MAX_SIDE = 1280;

let wasm: Promise<Uint8Array> | undefined;

async function loadWasm(): Promise<Uint8Array> {
  wasm ??= (async () => {
    const response = await fetch(wasmAddress);
    if (!response.ok) throw new Error('The QR reader cannot be loaded.');
    return new Uint8Array(await response.arrayBuffer());
  })();
  try {
    return await wasm;
  } catch (error) {
    wasm = undefined;
    throw error;
  }
}

const NOTHING: Glimpse = { texts: [], isUnclear: false };

const canvas = new OffscreenCanvas(1, 1);
const context = canvas.getContext('2d', { willReadFrequently: true });

answerCalls({
  warm: async () => void (await loadWasm()),
  picture: async (picture: Uint8Array) => readQrCodes(picture, loadWasm),
  frame: async ({ bitmap, thorough }: Frame) => {
    const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height));
    const [width, height] = [Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context?.drawImage(bitmap, 0, 0, width, height);
    bitmap.close();
    const pixels = context?.getImageData(0, 0, width, height);
    return pixels === undefined ? NOTHING : readQrPixels(pixels, loadWasm, thorough);
  },
});
