import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../atomic-file.ts';
import {
  FRAME_BYTES,
  FRAME_TAG_BYTES,
  openFrame,
  sealFrames,
  type FrameKey,
} from '../backup/sealed-frames.ts';
import type { InputFile } from '../bulk/input-lines.ts';
import { IssuerError } from '../issuer-error.ts';
import type { SealedBox } from '../sealed-box.ts';

/** What is kept of an input: enough to open it, and to know that it is what was handed in. */
export interface OrderInput {
  readonly bytes: number;
  readonly lines: number;
  /** base64url SHA-256 of the bytes as they were handed in. */
  readonly digest: string;
  /** base64url; makes its key. */
  readonly salt: string;
}

const SALT_BYTES = 32;
/** It holds health data, though sealed. */
const PRIVATE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** Writes an input sealed while it comes, under a key of its own; on disk when it returns, with its digest. */
export async function sealInput(
  path: string,
  plain: AsyncIterable<Uint8Array>,
  { box, order }: { readonly box: SealedBox; readonly order: string },
): Promise<Omit<OrderInput, 'lines'>> {
  const salt = randomBytes(SALT_BYTES);
  const hash = createHash('sha256');
  let bytes = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of plain) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER });
  const file = await open(path, 'wx', PRIVATE);
  try {
    for await (const frame of sealFrames(counted(), keyOf(box, order, salt))) await file.writeFile(frame);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(dirname(path));
  return { bytes, digest: hash.digest('base64url'), salt: salt.toString('base64url') };
}

/**
 * Opens an input that was sealed, and holds all of it against what was handed in before anything of it is read.
 *
 * IssuerError ORDER_CHANGED if a bit of it is not as it was, or it is gone.
 */
export async function openInput(
  path: string,
  input: OrderInput,
  { box, order }: { readonly box: SealedBox; readonly order: string },
): Promise<InputFile> {
  const file = await open(path).catch((error: unknown) => {
    throw changed(error);
  });
  const sealed = new SealedInput(file, input, keyOf(box, order, Buffer.from(input.salt, 'base64url')));
  try {
    if ((await sealed.digest()) !== input.digest) throw changed();
    return sealed;
  } catch (error) {
    await sealed.close();
    throw error;
  }
}

/** Reads a sealed input at any place, a frame at a time; nothing of it is ever on disk in clear. */
class SealedInput implements InputFile {
  readonly #file: FileHandle;
  readonly #size: number;
  readonly #key: FrameKey;
  #held: { readonly number: number; readonly plain: Uint8Array } | undefined;

  constructor(file: FileHandle, { bytes }: OrderInput, key: FrameKey) {
    this.#file = file;
    this.#size = bytes;
    this.#key = key;
  }

  readonly stat = async (): Promise<{ readonly size: number }> => Promise.resolve({ size: this.#size });

  readonly read: InputFile['read'] = async (buffer, offset, length, position) => {
    let bytesRead = 0;
    while (bytesRead < length && position + bytesRead < this.#size) {
      const at = position + bytesRead;
      const frame = await this.#frame(Math.floor(at / FRAME_BYTES));
      const part = frame.subarray(at % FRAME_BYTES, (at % FRAME_BYTES) + length - bytesRead);
      buffer.set(part, offset + bytesRead);
      bytesRead += part.length;
    }
    return { bytesRead, buffer };
  };

  readonly close = async (): Promise<void> => this.#file.close();

  async digest(): Promise<string> {
    const frames = this.#last() + 1;
    const { size } = await this.#file.stat();
    if (size !== this.#size + frames * FRAME_TAG_BYTES) throw changed();
    const hash = createHash('sha256');
    for (let number = 0; number < frames; number++) hash.update(await this.#frame(number));
    return hash.digest('base64url');
  }

  #last(): number {
    return Math.max(0, Math.ceil(this.#size / FRAME_BYTES) - 1);
  }

  async #frame(number: number): Promise<Uint8Array> {
    if (this.#held?.number === number) return this.#held.plain;
    const isLast = number === this.#last();
    const length = FRAME_TAG_BYTES + (isLast ? this.#size - number * FRAME_BYTES : FRAME_BYTES);
    const position = number * (FRAME_BYTES + FRAME_TAG_BYTES);
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(length), 0, length, position);
    if (bytesRead !== length) throw changed();
    try {
      const plain = openFrame(this.#key, number, isLast, buffer);
      this.#held = { number, plain };
      return plain;
    } catch (error) {
      throw changed(error);
    }
  }
}

/** Bound to the order: the input of one is not that of another. */
function keyOf(box: SealedBox, order: string, salt: Uint8Array): FrameKey {
  return { key: box.backupKey(salt), header: Buffer.from(`pratique/bulk-order|${order}`) };
}

function changed(cause?: unknown): IssuerError {
  return new IssuerError('ORDER_CHANGED', 'The input of this order is not what was handed in.', { cause });
}
