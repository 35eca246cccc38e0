import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { isPicture, MAX_PICTURE_BYTES } from '../../credential/picture.ts';

/** A file of cards or a list of codes is far smaller; a photograph may be larger. */
const MAX_TEXT_BYTES = 5_000_000;

/** What an input holds, or why it cannot be read. */
export type InputBytes = Uint8Array | 'not-found' | 'too-large';

/** Read a file; whatever keeps it from being read, it counts as not found. */
export async function readFile(path: string): Promise<InputBytes> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    if ((await file.stat()).isDirectory()) return 'not-found';
    return await collect(file.createReadStream());
  } catch {
    return 'not-found';
  } finally {
    await file?.close();
  }
}

/** Read standard input to its end. */
export async function readStdin(): Promise<InputBytes> {
  return collect(process.stdin);
}

/** Read to the end, or to the limit: a pipe does not tell its size beforehand, and a device has no end. */
async function collect(stream: AsyncIterable<unknown>): Promise<InputBytes> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    const bytes = Buffer.from(part as Uint8Array);
    parts.push(bytes);
    size += bytes.length;
    if (size > (isPicture(parts[0] ?? bytes) ? MAX_PICTURE_BYTES : MAX_TEXT_BYTES)) return 'too-large';
  }
  return Buffer.concat(parts);
}
