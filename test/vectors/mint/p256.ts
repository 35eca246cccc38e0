import { createECDH, createHash, createHmac } from 'node:crypto';

/** A P-256 key pair whose private half everybody can compute: it is good for vectors and for nothing else. */
export interface VectorKey {
  readonly name: string;
  /** RFC 7638 thumbprint over the coordinates as they stand here. */
  readonly kid: string;
  readonly x: string;
  readonly y: string;
  readonly d: bigint;
}

/** The order of P-256's group (SEC 2 §2.4.2). */
export const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The key of that name: its private half is the hash of the name, so that nobody mistakes it for a secret. */
export function keyNamed(name: string): VectorKey {
  return keyFrom(name, hashOf(`pratique test vector key: ${name}`));
}

/** A key whose x begins with a zero byte that is left out, as in two of the 961 real keys. */
export function shortKeyNamed(name: string): VectorKey {
  for (let count = 0; ; count++) {
    const key = keyFrom(name, hashOf(`pratique test vector key: ${name} ${count}`));
    const x = Buffer.from(key.x, 'base64url');
    if (x[0] !== 0 || x[1] === 0) continue;
    return named({ ...key, x: x.subarray(1).toString('base64url') });
  }
}

/** ES256 with the nonce of RFC 6979 §3.2, so that minting twice gives the same bytes; r ‖ s, 64 bytes, s as it falls. */
export function signEs256(d: bigint, data: Uint8Array): Buffer {
  const digest = createHash('sha256').update(data).digest();
  const e = mod(toBigInt(digest));
  const seed = Buffer.concat([bytes32(d), bytes32(e)]);
  let key = Buffer.alloc(32, 0);
  let value = Buffer.alloc(32, 1);
  key = hmac(key, value, Buffer.of(0), seed);
  value = hmac(key, value);
  key = hmac(key, value, Buffer.of(1), seed);
  value = hmac(key, value);
  for (;;) {
    value = hmac(key, value);
    const k = toBigInt(value);
    if (k > 0n && k < ORDER) {
      const r = mod(toBigInt(multiplyBase(k).subarray(1, 33)));
      const s = mod(inverse(k) * mod(e + r * d));
      if (r !== 0n && s !== 0n) return Buffer.concat([bytes32(r), bytes32(s)]);
    }
    key = hmac(key, value, Buffer.of(0));
    value = hmac(key, value);
  }
}

/** The other signature that is as good: (r, n − s). */
export function twinOf(signature: Uint8Array): Buffer {
  const [r, s] = [signature.subarray(0, 32), toBigInt(signature.subarray(32))];
  return Buffer.concat([r, bytes32(ORDER - s)]);
}

export function hasHighS(signature: Uint8Array): boolean {
  return toBigInt(signature.subarray(32)) > ORDER / 2n;
}

/** A number as 32 bytes, big-endian. */
export function bytes32(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}

/** The signature as ASN.1 has it (RFC 3279 §2.2.3), which JWS does not. */
export function derOf(signature: Uint8Array): Buffer {
  const integers = [signature.subarray(0, 32), signature.subarray(32)].map((bytes) => {
    const first = bytes.findIndex((byte) => byte !== 0);
    const digits = Buffer.from(bytes.subarray(first));
    const body = (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits;
    return Buffer.concat([Buffer.of(0x02, body.length), body]);
  });
  const body = Buffer.concat(integers);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

function keyFrom(name: string, d: bigint): VectorKey {
  const point = multiplyBase(d);
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
  return named({ name, kid: '', x, y, d });
}

function named(key: VectorKey): VectorKey {
  const canonical = `{"crv":"P-256","kty":"EC","x":"${key.x}","y":"${key.y}"}`;
  return { ...key, kid: createHash('sha256').update(canonical).digest('base64url') };
}

/** k · G as an uncompressed point: what the other side of a key agreement would be sent. */
function multiplyBase(k: bigint): Buffer {
  const agreement = createECDH('prime256v1');
  agreement.setPrivateKey(bytes32(k));
  return agreement.getPublicKey();
}

function inverse(value: bigint): bigint {
  let [a, b, u, v] = [mod(value), ORDER, 1n, 0n];
  while (a !== 0n) {
    const quotient = b / a;
    [a, b, u, v] = [b - quotient * a, a, v - quotient * u, u];
  }
  return mod(v);
}

function mod(value: bigint): bigint {
  return ((value % ORDER) + ORDER) % ORDER;
}

function hashOf(text: string): bigint {
  return mod(toBigInt(createHash('sha256').update(text).digest()));
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer<ArrayBuffer> {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return Buffer.from(mac.digest());
}
