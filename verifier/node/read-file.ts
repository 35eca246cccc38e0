import { open } from 'node:fs/promises';

/** A JSON file that the operator gave, under the name to speak of it. */
export interface JsonFile {
  readonly name: string;
  readonly json: unknown;
}

/**
 * The bytes of a file that the operator named, or `too-large` beyond a limit in bytes.
 *
 * The limit holds while reading: a device or a pipe has no size to ask for beforehand. Throws what the file system does.
 */
export async function readFileUpTo(path: string, limit: number): Promise<Uint8Array | 'too-large'> {
  const file = await open(path, 'r');
  try {
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > limit) return 'too-large';
      parts.push(part);
    }
    return Buffer.concat(parts);
  } finally {
    await file.close();
  }
}
