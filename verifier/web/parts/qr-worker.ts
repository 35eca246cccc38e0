import wasmAddress from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { readQrCodes, readQrPixels } from '../../../credential/qr-reader.ts';
import { answerCalls } from './worker-calls.ts';

/** What of a camera's frame is looked at, in pixels of the frame. */
export interface Frame {
  readonly bitmap: ImageBitmap;
  /** Look at every row: slower, for codes that are small or blurred. */
  readonly thorough: boolean;
}

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

const canvas = new OffscreenCanvas(1, 1);
const context = canvas.getContext('2d', { willReadFrequently: true });

answerCalls({
  warm: async () => void (await loadWasm()),
  picture: async (picture: Uint8Array) => readQrCodes(picture, loadWasm),
  frame: async ({ bitmap, thorough }: Frame) => {
    const { width, height } = bitmap;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context?.drawImage(bitmap, 0, 0);
    bitmap.close();
    const pixels = context?.getImageData(0, 0, width, height);
    return pixels === undefined ? [] : readQrPixels(pixels, loadWasm, thorough);
  },
});
