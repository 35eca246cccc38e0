import type { P256Coordinates } from '../../credential/jwk.ts';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** The did:key of a P-256 key, as other wallets make it (did:key v0.7). */
export function didKeyOf({ x, y }: P256Coordinates): string {
  const odd = (Buffer.from(y, 'base64url').at(-1) ?? 0) & 1;
  const bytes = Buffer.concat([Buffer.of(0x80, 0x24, 2 + odd), Buffer.from(x, 'base64url')]);
  let [left, text] = [BigInt(`0x${bytes.toString('hex')}`), ''];
  for (; left > 0n; left /= 58n) text = BASE58.charAt(Number(left % 58n)) + text;
  return `did:key:z${text}`;
}
