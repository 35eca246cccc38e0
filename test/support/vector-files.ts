import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileBytes, readVector } from './vectors.ts';
import type { Vector, VectorInput } from './vectors.ts';

const ROOT = fileURLToPath(new URL('../vectors/', import.meta.url));
/** What lies beside the vectors: documents and keys that they need, and the program that mints them. */
const NO_VECTORS = /^(?:trust|keys|mint)[/\\]/;

/** Every vector of test/vectors, by name. */
export async function readVectors(): Promise<readonly Vector[]> {
  const paths = (await readdir(ROOT, { recursive: true })).filter(
    (path) => path.endsWith('.json') && !NO_VECTORS.test(path),
  );
  return Promise.all(
    paths.toSorted().map(async (path) => {
      return readVector(path.replaceAll('\\', '/'), await readJson(path));
    }),
  );
}

/** A trust document of the vectors, as JSON. */
export async function readTrustJson(name: string): Promise<unknown> {
  return readJson(join('trust', `${name}.json`));
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(join(ROOT, path), 'utf8')) as unknown;
}

/**
 * Put the input of a vector into a folder of its own, as a person who has a file would give it to `pratique verify`.
 *
 * A JWS goes into a card file, which is read without trimming, unless a QR code's scheme comes with it.
 * @returns the path; with the input of a file that is not there, of nothing
 */
export async function writeInput(folder: string, input: VectorInput): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'file' in input ? input.file.name : 'input');
  const content = contentOf(input);
  if (content !== undefined) await writeFile(path, content);
  return path;
}

/** The bytes of that file; undefined of one that is not there. */
export function inputBytes(input: VectorInput): Uint8Array | undefined {
  const content = contentOf(input);
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

function contentOf(input: VectorInput): string | Uint8Array | undefined {
  if ('codes' in input) return input.codes.join('\n');
  if ('text' in input) {
    return input.scheme === undefined
      ? JSON.stringify({ verifiableCredential: [input.text] })
      : `${input.scheme}:/${digitsOf(input.text)}`;
  }
  return fileBytes(input.file);
}

/** Two digits a character, the character code less 45; unlike our encoder it takes what is no JWS. */
function digitsOf(text: string): string {
  return Array.from(text, (char) => String(char.charCodeAt(0) - 45).padStart(2, '0')).join('');
}
