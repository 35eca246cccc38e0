import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * The wasm that `readQrCodes` runs, from the installed zxing-wasm package; found by the resolution of modules, so that it
 * does not matter where ours or that package lies. Rejects with the file system's error if the package is damaged.
 */
export async function loadQrWasm(): Promise<Uint8Array> {
  return readFile(fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')));
}
