import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { backupInvalid } from './backup-invalid.ts';

/** Plain bytes in every frame but the last, which ends the file: no length is said that could be a lie. */
export const FRAME_BYTES: number = 1024 * 1024;
/** A sealed frame is so many bytes longer. */
export const FRAME_TAG_BYTES = 16;

/** The key of one backup, and the digest of the header that it was made under. */
export interface FrameKey {
  readonly key: KeyObject;
  readonly header: Uint8Array;
}

/**
 * Seals bytes in frames of 1 MiB, AES-256-GCM, each bound to the header, to its number and to whether it is the last: none
 * can be changed, moved, left out or added, and none taken from another backup.
 */
export async function* sealFrames(
  plain: AsyncIterable<Uint8Array>,
  key: FrameKey,
): AsyncGenerator<Uint8Array> {
  let number = 0;
  let held: Uint8Array = Buffer.alloc(0);
  for await (const frame of pieces(plain, FRAME_BYTES)) {
    if (number > 0) yield seal(key, number - 1, false, held);
    held = frame;
    number++;
  }
  yield seal(key, Math.max(0, number - 1), true, held);
}

/** Opens what `sealFrames` made; each frame is given out once it is known to be right. IssuerError BACKUP_INVALID. */
export async function* openFrames(
  sealed: AsyncIterable<Uint8Array>,
  key: FrameKey,
): AsyncGenerator<Uint8Array> {
  let number = 0;
  let held: Uint8Array | undefined;
  for await (const frame of pieces(sealed, FRAME_BYTES + FRAME_TAG_BYTES)) {
    if (held !== undefined) yield openFrame(key, number++, false, held);
    held = frame;
  }
  if (held === undefined) throw backupInvalid();
  yield openFrame(key, number, true, held);
}

/** The same bytes in pieces of that size, the last of them shorter or not. */
async function* pieces(bytes: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let piece = Buffer.allocUnsafe(size);
  let filled = 0;
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + size - filled);
      piece.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < size) continue;
      yield piece;
      [piece, filled] = [Buffer.allocUnsafe(size), 0];
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

function seal({ key, header }: FrameKey, number: number, last: boolean, plain: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, nonce(number), { authTagLength: FRAME_TAG_BYTES });
  cipher.setAAD(boundTo(header, number, last));
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Opens one frame by its number. IssuerError BACKUP_INVALID. */
export function openFrame(
  { key, header }: FrameKey,
  number: number,
  last: boolean,
  frame: Uint8Array,
): Uint8Array {
  const body = frame.length - FRAME_TAG_BYTES;
  if (body < 0) throw backupInvalid();
  const decipher = createDecipheriv('aes-256-gcm', key, nonce(number), { authTagLength: FRAME_TAG_BYTES });
  decipher.setAAD(boundTo(header, number, last)).setAuthTag(frame.subarray(body));
  try {
    return Buffer.concat([decipher.update(frame.subarray(0, body)), decipher.final()]);
  } catch (error) {
    throw backupInvalid(error);
  }
}

/** The number of a frame will do: no other backup has this key. */
function nonce(number: number): Uint8Array {
  const bytes = Buffer.alloc(12);
  bytes.writeUIntBE(number, 6, 6);
  return bytes;
}

function boundTo(header: Uint8Array, number: number, last: boolean): Uint8Array {
  return Buffer.concat([Buffer.from(`pratique/backup|${number}|${last ? 'last' : 'more'}|`), header]);
}
