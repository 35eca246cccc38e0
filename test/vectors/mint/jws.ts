import { deflateRaw } from 'pako';
import { signEs256 } from './p256.ts';
import type { VectorKey } from './p256.ts';

/** What a vector's JWS is made of; each part can be given raw, to be wrong in one place. */
export interface JwsParts {
  readonly key: VectorKey;
  /** A JSON value, or the very text or bytes. */
  readonly header?: object | string | Uint8Array;
  /** The bytes as they travel: for a card the compressed ones. */
  readonly payload: Uint8Array;
  readonly signature?: (signingInput: string) => Uint8Array;
}

/** A compact JWS (RFC 7515 §7.1). Nothing of `credential/` is used here: the vectors are to test it. */
export function compactJws({ key, header, payload, signature }: JwsParts): string {
  const members = header ?? cardHeader(key);
  const headerBytes =
    typeof members === 'string' || members instanceof Uint8Array ? members : JSON.stringify(members);
  const input = `${base64url(headerBytes)}.${base64url(payload)}`;
  const bytes = signature === undefined ? signEs256(key.d, Buffer.from(input)) : signature(input);
  return `${input}.${base64url(bytes)}`;
}

/** The header of a health card, with other members or without some (undefined). */
export function cardHeader(key: VectorKey, members: object = {}): object {
  return { zip: 'DEF', alg: 'ES256', kid: key.kid, ...members };
}

/** A card with any text as its payload. */
export function cardOfText(key: VectorKey, text: string | Uint8Array): string {
  return compactJws({ key, payload: deflate(text) });
}

/** A card with any JSON as its payload. */
export function cardOf(key: VectorKey, payload: object, header: object = {}): string {
  return compactJws({ key, header: cardHeader(key, header), payload: deflate(JSON.stringify(payload)) });
}

/** Raw DEFLATE (RFC 1951); pako, because it gives the same bytes on every machine. */
export function deflate(text: string | Uint8Array, strategy: 'default' | 'fixed' = 'default'): Uint8Array {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return deflateRaw(bytes, { level: 9, strategy: strategy === 'fixed' ? 4 : 0 });
}

/** Raw DEFLATE without compression: blocks of up to 65,535 bytes, the last one marked (RFC 1951 §3.2.4). */
export function deflateStored(text: string | Uint8Array, { last = true } = {}): Buffer {
  const bytes = Buffer.from(text);
  const blocks: Buffer[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += 65_535) {
    const part = bytes.subarray(at, at + 65_535);
    const head = Buffer.alloc(5);
    head[0] = last && at + 65_535 >= bytes.length ? 1 : 0;
    head.writeUInt16LE(part.length, 1);
    head.writeUInt16LE(0xffff - part.length, 3);
    blocks.push(head, part);
  }
  return Buffer.concat(blocks);
}

export function base64url(bytes: string | Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

/** The three parts of a compact JWS. */
export function partsOf(jws: string): [header: string, payload: string, signature: string] {
  const [header = '', payload = '', signature = ''] = jws.split('.');
  return [header, payload, signature];
}

/** Two digits a character, the character code less 45 (SMART Health Cards, "Encoding Chunks as QR Codes"). */
export function digitsOf(text: string): string {
  return [...text].map((char) => String(char.charCodeAt(0) - 45).padStart(2, '0')).join('');
}
