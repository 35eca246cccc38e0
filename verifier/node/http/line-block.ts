/** A piece of a stream that ends where a line ends. */
export interface LineBlock {
  /** Whether an answer is owed for a line that was too long to be kept, before those in the bytes. */
  readonly afterTooLarge: boolean;
  readonly bytes: Uint8Array;
}

/** Cuts a stream of bytes where lines end, holding no more of one than may be in it. */
export interface LineCutter {
  /** The lines that end in this chunk; undefined if none does. */
  readonly push: (chunk: Uint8Array) => LineBlock | undefined;
  /** What is left at the end of the stream. */
  readonly end: () => LineBlock;
}

/** A picture of some size, or a file of hundreds of cards; its line feed not counted. */
export const MAX_LINE_BYTES = 1024 * 1024;

const LINE_FEED = 0x0a;

/** Cut a stream into blocks of whole lines, which another thread takes apart. */
export function lineCutter(): LineCutter {
  let begun: Uint8Array[] = [];
  let length = 0;

  const add = (part: Uint8Array): void => {
    length += part.length;
    if (length > MAX_LINE_BYTES) begun = [];
    else if (part.length > 0) begun.push(part);
  };
  const take = (rest: Uint8Array): LineBlock => {
    const afterTooLarge = length > MAX_LINE_BYTES;
    const bytes = Buffer.concat([...begun, rest]);
    begun = [];
    length = 0;
    return { afterTooLarge, bytes };
  };
  return {
    push(chunk) {
      const last = chunk.lastIndexOf(LINE_FEED);
      if (last === -1) {
        add(chunk);
        return undefined;
      }
      // Of a line that was too long its end is not kept either.
      const from = length > MAX_LINE_BYTES ? chunk.indexOf(LINE_FEED) + 1 : 0;
      const block = take(chunk.subarray(from, last + 1));
      add(chunk.subarray(last + 1));
      return block;
    },
    end: () => take(new Uint8Array()),
  };
}

/** The lines of a block in order, blank ones left out, or that one is too long. */
export function* linesOf({ afterTooLarge, bytes }: LineBlock): Generator<Uint8Array | 'too-large'> {
  if (afterTooLarge) yield 'too-large';
  for (let at = 0; at < bytes.length;) {
    const found = bytes.indexOf(LINE_FEED, at);
    const end = found === -1 ? bytes.length : found;
    const line = bytes.subarray(at, end);
    if (line.length > MAX_LINE_BYTES) yield 'too-large';
    else if (!line.every(isBlank)) yield line;
    at = end + 1;
  }
}

/** Whether an answer is owed for anything in the block. */
export function hasLines(block: LineBlock): boolean {
  return linesOf(block).next().done !== true;
}

/** Space, tab, carriage return. */
function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}
