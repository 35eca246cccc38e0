import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as Bytes from 'ox/Bytes';
import * as Hex from 'ox/Hex';
import * as P256 from 'ox/P256';
import { thumbprint } from '../../credential/jwk.ts';
import { newKey, type TestKey } from '../support/cards.ts';

/** SEC 2 section 2.4.2. */
export const P256_PRIME = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
export const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** Scalars of points whose coordinates begin with zero bytes. */
export const TWO_ZEROS_IN_X = 40_393n;
export const ZERO_IN_X_AND_Y = 49_350n;

/** The key of a scalar; it signs the same bytes in the same way each time (RFC 6979), so that gas is the same too. */
export function scalarKey(scalar: bigint): TestKey {
  const privateKey = Hex.fromNumber(scalar, { size: 32 });
  const publicKey = P256.getPublicKey({ privateKey });
  const [x, y] = [publicKey.x, publicKey.y].map((coordinate) =>
    Buffer.from(Hex.padLeft(coordinate, 32).slice(2), 'hex').toString('base64url'),
  ) as [string, string];
  const sign = (data: Uint8Array): Uint8Array => {
    const { r, s } = P256.sign({ privateKey, payload: data, hash: true });
    return Bytes.fromHex(Hex.concat(Hex.padLeft(r, 32), Hex.padLeft(s, 32)));
  };
  return { kid: thumbprint({ x, y }), x, y, sign };
}

/** A coordinate without its first `count` bytes, base64url as in a JWK. */
export function without(coordinate: string, count: number): string {
  return Buffer.from(coordinate, 'base64url').subarray(count).toString('base64url');
}

/** A key whose x begins with a zero byte, published without it as two real keys are. */
export function shortKey(): TestKey {
  for (;;) {
    const key = newKey();
    const x = Buffer.from(key.x, 'base64url');
    if (x[0] === 0) return { ...key, x: x.subarray(1).toString('base64url') };
  }
}

/** Keys of the VCI directory in `dir`, the two short ones first. */
export function vciKeys(dir: string): { kid: string; x: string; y: string }[] {
  const snapshot = JSON.parse(readFileSync(join(dir, 'vci-directory', 'vci_snapshot.json'), 'utf8')) as {
    issuerInfo: { keys: { kid: string; x: string; y: string }[] }[];
  };
  const keys = snapshot.issuerInfo.flatMap((issuer) => issuer.keys);
  const short = keys.filter(({ x, y }) => x.length < 43 || y.length < 43);
  assert.equal(short.length, 2);
  return [...short, ...keys.slice(0, 5)];
}
