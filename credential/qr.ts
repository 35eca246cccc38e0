import { create } from 'qrcode/lib/core/qrcode.js';
import type { Segment } from 'qrcode/lib/core/qrcode.js';
import { FormatError } from './errors.ts';
import { encodeDigits, type CardScheme } from './shc-uri.ts';

/** What a QR code of a JWS begins with. */
type QrScheme = CardScheme | 'pratique-setup';

/**
 * The longest JWS, in characters, that one QR code of version 22 at level L holds after the scheme's byte segment:
 * `pratique:/` is five bytes longer than `shc:/`.
 */
export const MAX_QR_JWS: Readonly<Record<QrScheme, number>> = {
  shc: 1195,
  pratique: 1189,
  'pratique-setup': 1182,
};

/** ISO/IEC 18004 §6.3.8: four light modules on every side, or readers do not find the symbol. */
const QUIET_ZONE = 4;

/** Pixels per module in a PNG: a version 22 symbol becomes 904 pixels wide, printable at 40 mm and 500 dpi. */
const PNG_SCALE = 8;

interface Symbol {
  /** Modules per side, quiet zone included. */
  readonly size: number;
  /** Modules of the quiet zone, on each side. */
  readonly quiet: number;
  /** Whether a module is dark; everything outside the symbol is light. */
  readonly dark: (x: number, y: number) => boolean;
}

/**
 * The QR code of a card as an SVG document of one dark path on white, one unit a module, quiet zone included.
 *
 * @throws {FormatError} TOO_LARGE if the JWS is longer than {@link MAX_QR_JWS}; MALFORMED if it is no compact JWS text.
 */
export function renderQrSvg(jws: string, scheme: QrScheme): string {
  return `${svgOf(drawCardQr(jws, scheme))}\n`;
}

/**
 * The QR code of a card as the outline of its dark modules: a path of SVG in a square of so many modules, quiet zone
 * included, for a page that builds its own elements.
 *
 * @throws {FormatError} TOO_LARGE if the JWS is longer than {@link MAX_QR_JWS}; MALFORMED if it is no compact JWS text.
 */
export function renderQrPath(
  jws: string,
  scheme: QrScheme,
): { readonly size: number; readonly path: string } {
  const symbol = drawCardQr(jws, scheme);
  return { size: symbol.size, path: pathOf(symbol) };
}

/**
 * The QR code of any text as such a path: of what is nothing but digits behind a scheme, in two segments as of a card.
 *
 * @throws {FormatError} TOO_LARGE for a text that no QR code holds
 */
export function renderTextPath(text: string): { readonly size: number; readonly path: string } {
  const [, scheme = text, digits = ''] = /^([a-z-]+:\/)(\d+)$/.exec(text) ?? [];
  const bytes = { mode: 'byte', data: new TextEncoder().encode(scheme) } as const;
  const segments: readonly Segment[] = digits === '' ? [bytes] : [bytes, { mode: 'numeric', data: digits }];
  try {
    const symbol = symbolOf(segments, 'L');
    return { size: symbol.size, path: pathOf(symbol) };
  } catch {
    throw new FormatError('TOO_LARGE', 'The text is too long for a QR code.');
  }
}

/** The QR code of an address, as an SVG element with that name for whoever does not see it. */
export function renderAddressQrSvg(address: string, name: string): string {
  const data = new TextEncoder().encode(address);
  const svg = svgOf(symbolOf([{ mode: 'byte', data }], 'M'));
  return svg.replace('<svg ', `<svg role="img" aria-label="${name.replaceAll(/[&<>"]/g, '')}" `);
}

function svgOf(symbol: Symbol): string {
  const { size } = symbol;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${pathOf(symbol)}"/></svg>`
  );
}

function pathOf({ size, dark }: Symbol): string {
  let path = '';
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (!dark(x, y)) continue;
      const start = x;
      while (dark(x, y)) x++;
      path += `M${start} ${y}h${x - start}v1H${start}z`;
    }
  }
  return path;
}

/**
 * The QR code of a card as a PNG file, black on white at 8 pixels a module, quiet zone included.
 *
 * Written here rather than by the encoder's own renderer, which needs Node's Buffer and zlib.
 *
 * @throws {FormatError} TOO_LARGE if the JWS is longer than {@link MAX_QR_JWS}; MALFORMED if it is no compact JWS text.
 */
export async function renderQrPng(jws: string, scheme: QrScheme): Promise<Uint8Array> {
  const { size, dark } = drawCardQr(jws, scheme);
  const pixels = size * PNG_SCALE;
  // PNG §7.2, §9: rows of one-bit pixels, each led by its filter type, 0; a set bit is white.
  const rowBytes = 1 + Math.ceil(pixels / 8);
  const rows = new Uint8Array(rowBytes * pixels);
  for (let y = 0; y < pixels; y++) {
    const row = rows.subarray(y * rowBytes + 1, (y + 1) * rowBytes);
    // Eight pixels a module is a byte a module.
    for (let x = 0; x < size; x++) row[x] = dark(x, Math.floor(y / PNG_SCALE)) ? 0x00 : 0xff;
  }
  const header = new Uint8Array(13);
  const fields = new DataView(header.buffer);
  fields.setUint32(0, pixels);
  fields.setUint32(4, pixels);
  header.set([1, 0, 0, 0, 0], 8); // one bit, greyscale, deflate, adaptive filters, not interlaced

  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return concatenate([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', await zlibCompress(rows)),
    pngChunk('IEND', new Uint8Array()),
  ]);
}

/**
 * The QR code of a card for a terminal: two modules a character, in the colours black on white whatever the terminal's
 * own are, so that a camera reads it on dark and light ones alike.
 *
 * @throws {FormatError} TOO_LARGE if the JWS is longer than {@link MAX_QR_JWS}; MALFORMED if it is no compact JWS text.
 */
export function renderQrTerminal(jws: string, scheme: QrScheme): string {
  const { size, dark } = drawCardQr(jws, scheme);
  // Colours 16 and 231 of the 256 are fixed; the first sixteen follow the user's theme.
  const on = '\x1b[38;5;16;48;5;231m';
  const off = '\x1b[0m';
  let text = '';
  for (let y = 0; y < size; y += 2) {
    text += on;
    for (let x = 0; x < size; x++) text += HALF_BLOCKS[(dark(x, y) ? 2 : 0) + (dark(x, y + 1) ? 1 : 0)];
    text += `${off}\n`;
  }
  return text;
}

/** By upper module (2) and lower module (1). */
const HALF_BLOCKS = [' ', '▄', '▀', '█'] as const;

/**
 * The QR code of a card as its modules, for whoever draws them otherwise.
 *
 * In two segments, byte and numeric: as a single byte segment the same text would need twice the area.
 *
 * @throws {FormatError} TOO_LARGE if the JWS is longer than {@link MAX_QR_JWS}; MALFORMED if it is no compact JWS text.
 */
export function drawCardQr(jws: string, scheme: QrScheme): Symbol {
  const most = MAX_QR_JWS[scheme];
  if (jws.length > most) {
    throw new FormatError(
      'TOO_LARGE',
      `The card is too long for one QR code, which holds ${most} characters: give it as a .smart-health-card file.`,
    );
  }
  const prefix = `${scheme}:/`;
  const digits = encodeDigits(jws);
  return symbolOf(
    [
      { mode: 'byte', data: new TextEncoder().encode(prefix) },
      { mode: 'numeric', data: digits },
    ],
    'L',
  );
}

function symbolOf(segments: readonly Segment[], errorCorrectionLevel: 'L' | 'M'): Symbol {
  const { modules } = create([...segments], { errorCorrectionLevel });
  const inside = (at: number): boolean => at >= 0 && at < modules.size;
  return {
    size: modules.size + 2 * QUIET_ZONE,
    quiet: QUIET_ZONE,
    dark(x, y) {
      const [column, row] = [x - QUIET_ZONE, y - QUIET_ZONE];
      return inside(column) && inside(row) && modules.get(row, column) !== 0;
    },
  };
}

async function zlibCompress(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const compressed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(compressed).arrayBuffer());
}

/** PNG §5.3: length, type, data and the CRC-32 of type and data, numbers big-endian. */
function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + data.length);
  const fields = new DataView(chunk.buffer);
  fields.setUint32(0, data.length);
  chunk.set(new TextEncoder().encode(type), 4);
  chunk.set(data, 8);
  fields.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
  return chunk;
}

/** PNG annex D, bit by bit: the pictures here have a few kilobytes. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
