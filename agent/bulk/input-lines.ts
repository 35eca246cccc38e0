import { createHash } from 'node:crypto';

/** Where the lines are read from, at any place: a file, or one that is sealed. */
export interface InputFile {
  readonly stat: () => Promise<{ readonly size: number }>;
  /** Fills a part of a buffer from a place on; fewer bytes than asked for are the last. */
  readonly read: (
    buffer: Buffer<ArrayBuffer>,
    offset: number,
    length: number,
    position: number,
  ) => Promise<{ readonly bytesRead: number; readonly buffer: Buffer<ArrayBuffer> }>;
  readonly close: () => Promise<void>;
}

/** Whole lines of the input, or one that is too long to be kept. */
export interface InputChunk {
  /** Number of its first line, from 1. */
  readonly firstLine: number;
  readonly lines: number;
  /** Byte offset in the input at which the next chunk begins. */
  readonly end: number;
  /** The lines with their line feeds; empty of a line that is too long. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Where reading begins: bytes and lines that are done. */
export interface InputPlace {
  readonly offset: number;
  readonly lines: number;
}

/** No record of a person is that long. */
export const MAX_LINE_BYTES = 5_000_000;
const READ_BYTES = 1024 * 1024;
const LINE_FEED = 0x0a;
/** Of each end of the input so many bytes tell it from another one. */
const PROBE_BYTES = 1024 * 1024;

/**
 * Cuts a file into chunks of so many lines, from a place on; a line over 5 MB is a chunk of its own without bytes.
 *
 * A last line without a line feed is a line.
 */
export async function* inputChunks(
  file: InputFile,
  { offset, lines: linesBefore }: InputPlace,
  linesPerChunk: number,
): AsyncGenerator<InputChunk> {
  let [held, ended] = [Buffer.alloc(0), false];
  let [at, line] = [offset, linesBefore];
  const take = (lines: number, length: number): InputChunk => {
    const bytes = Uint8Array.from(held.subarray(0, length));
    held = held.subarray(length);
    at += length;
    line += lines;
    return { firstLine: line - lines + 1, lines, end: at, bytes };
  };
  for (;;) {
    const { lines, length } = cutAfter(held, linesPerChunk);
    if (lines === linesPerChunk || (ended && lines > 0)) {
      yield take(lines, length);
    } else if (ended) {
      if (held.length > 0) yield take(1, held.length);
      return;
    } else if (held.length - length > MAX_LINE_BYTES) {
      if (lines > 0) yield take(lines, length);
      const end = await lineEnd(file, at + held.length);
      held = Buffer.alloc(0);
      at = end;
      yield take(1, 0);
    } else {
      const read = await file.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES, at + held.length);
      ended = read.bytesRead === 0;
      held = Buffer.concat([held, read.buffer.subarray(0, read.bytesRead)]);
    }
  }
}

/** The offset after the next line feed from an offset on, or that of the end of the file. */
async function lineEnd(file: InputFile, from: number): Promise<number> {
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  for (let at = from; ;) {
    const { bytesRead } = await file.read(buffer, 0, READ_BYTES, at);
    const found = buffer.subarray(0, bytesRead).indexOf(LINE_FEED);
    if (found >= 0) return at + found + 1;
    if (bytesRead === 0) return at;
    at += bytesRead;
  }
}

/** How many lines end in some bytes, up to a limit, and how long those are together. */
function cutAfter(bytes: Buffer, limit: number): { readonly lines: number; readonly length: number } {
  let [lines, length] = [0, 0];
  while (lines < limit) {
    const end = bytes.indexOf(LINE_FEED, length);
    if (end === -1) break;
    lines++;
    length = end + 1;
  }
  return { lines, length };
}

/** What tells one input from another: its size, and the SHA-256 of both its ends. */
export async function fingerprintOf(
  file: InputFile,
): Promise<{ readonly size: number; readonly digest: string }> {
  const { size } = await file.stat();
  const hash = createHash('sha256');
  for (const from of [0, Math.max(0, size - PROBE_BYTES)]) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PROBE_BYTES), 0, PROBE_BYTES, from);
    hash.update(buffer.subarray(0, bytesRead));
  }
  return { size, digest: hash.digest('base64url') };
}
