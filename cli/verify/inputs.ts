import { readPicture } from '../../verifier/node/read-picture.ts';
import { readBytes, readText, trimSpace } from '../../verifier/pipeline/input.ts';
import type { Piece } from '../../verifier/pipeline/input.ts';
import type { SourcedPiece } from '../../verifier/pipeline/verify-pieces.ts';
import { readFile, readStdin } from './input-bytes.ts';

/** No file system takes a longer name. */
const MAX_FILE_NAME_CHARS = 255;

/** Read every input into its pieces, in order; an input that holds none becomes one piece with its code. */
export async function readInputs(inputs: readonly string[]): Promise<readonly SourcedPiece[]> {
  const pieces: SourcedPiece[] = [];
  for (const [place, input] of inputs.entries()) {
    // Text is never named as a source: the answer must not carry the credential back.
    const source = isText(input) ? `argument ${place + 1}` : input;
    for (const piece of isText(input) ? readText(input) : await readPath(input))
      pieces.push({ source, piece });
  }
  return pieces;
}

/**
 * Text itself rather than a path: it begins as a code, a link, a JWS or a card file does, or no file could have such a
 * name. A scheme of one letter is a drive.
 */
function isText(input: string): boolean {
  const text = trimSpace(input);
  return /^(?:[a-z][a-z0-9+.-]+:\/|eyJ|\{)/i.test(text) || text.split('/').some(isNoFileName);
}

function isNoFileName(part: string): boolean {
  return part.length > MAX_FILE_NAME_CHARS || part.includes('\n');
}

async function readPath(input: string): Promise<readonly Piece[]> {
  const bytes = input === '-' ? await readStdin() : await readFile(input);
  if (bytes === 'not-found') return [{ code: 'INPUT_NOT_FOUND' }];
  if (bytes === 'too-large') return [{ code: 'TOO_LARGE' }];
  return readBytes(bytes, readPicture);
}
