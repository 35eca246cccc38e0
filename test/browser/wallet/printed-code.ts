import assert from 'node:assert/strict';
import { readBarcodes } from 'zxing-wasm/reader';

/** How wide the code in a picture is, in pixels, without the light around it; after one was read by our own reader. */
export async function widthOfCode(picture: Uint8Array): Promise<number> {
  const [found] = await readBarcodes(picture, { formats: ['QRCode'], tryHarder: true });
  assert.ok(found?.isValid);
  const { topLeft, topRight } = found.position;
  return Math.hypot(topRight.x - topLeft.x, topRight.y - topLeft.y);
}
