import type { Handle } from 'pkcs11js';

import { importEs256Key } from '../../credential/es256-node.ts';
import { ES256_SIGNATURE_BYTES } from '../../credential/es256.ts';
import { thumbprint } from '../../credential/jwk.ts';
import { IssuerError } from '../issuer-error.ts';
import type { PublicKey } from '../signer.ts';
import type { TokenSession } from './token.ts';

/** The object identifier of P-256 in DER (RFC 5480 §2.1.1.1). */
const P256 = Buffer.of(0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07);
const COORDINATE_BYTES = 32;
/** 04 ‖ x ‖ y (SEC 1 §2.3.3). */
const POINT_BYTES = 1 + 2 * COORDINATE_BYTES;
/** What a pair is called until its kid is known; left behind only by a fault in between. */
const UNNAMED = 'pratique unnamed';
/** Room for an answer that is longer than it may be. */
const ANSWER_BYTES = 128;

/**
 * Makes a pair of P-256 whose private part is held by the token alone, labelled by its kid.
 *
 * IssuerError KEY_UNSUPPORTED if the token made it otherwise.
 */
export async function generateKey({ cryptoki, handle }: TokenSession): Promise<PublicKey> {
  const { binding: ck, module } = cryptoki;
  const kept = [
    { type: ck.CKA_TOKEN, value: true },
    { type: ck.CKA_LABEL, value: UNNAMED },
  ];
  const pair = await module.C_GenerateKeyPairAsync(
    handle,
    { mechanism: ck.CKM_EC_KEY_PAIR_GEN },
    [...kept, { type: ck.CKA_EC_PARAMS, value: P256 }, { type: ck.CKA_VERIFY, value: true }],
    [
      ...kept,
      { type: ck.CKA_PRIVATE, value: true },
      { type: ck.CKA_SENSITIVE, value: true },
      { type: ck.CKA_EXTRACTABLE, value: false },
      { type: ck.CKA_SIGN, value: true },
    ],
  );
  const objects = [pair.privateKey, pair.publicKey];
  try {
    assertHeld(cryptoki.binding, (types) =>
      module
        .C_GetAttributeValue(
          handle,
          pair.privateKey,
          types.map((type) => ({ type })),
        )
        .map(({ value }) => value),
    );
    const [point] = module.C_GetAttributeValue(handle, pair.publicKey, [{ type: ck.CKA_EC_POINT }]);
    const key = publicKeyOf(point?.value ?? Buffer.of());
    const named = [
      { type: ck.CKA_LABEL, value: key.kid },
      { type: ck.CKA_ID, value: Buffer.from(key.kid, 'base64url') },
    ];
    for (const object of objects) module.C_SetAttributeValue(handle, object, named);
    return key;
  } catch (error) {
    for (const object of objects) discard(() => module.C_DestroyObject(handle, object));
    throw error;
  }
}

/** The private key of a kid, looked up once for each login. IssuerError KEY_UNKNOWN if the token shows none. */
export function findKey(session: TokenSession, kid: string): Handle {
  const { found, cryptoki } = session;
  const key = found.get(kid) ?? findKeys(session, kid, cryptoki.binding.CKO_PRIVATE_KEY)[0];
  if (key === undefined) throw missing();
  found.set(kid, key);
  return key;
}

/** CKM_ECDSA over a digest: the 64 bytes r ‖ s. IssuerError KEY_UNKNOWN if the token has no such key. */
export async function signDigest(session: TokenSession, kid: string, digest: Buffer): Promise<Uint8Array> {
  const { cryptoki, handle } = session;
  const { binding: ck, module } = cryptoki;
  const key = findKey(session, kid);
  module.C_SignInit(handle, { mechanism: ck.CKM_ECDSA }, key);
  return rawSignature(await module.C_SignAsync(handle, digest, Buffer.alloc(ANSWER_BYTES)));
}

/** Destroys both parts of a key. IssuerError KEY_UNKNOWN if the token shows no private one. */
export function destroyKey(session: TokenSession, kid: string): void {
  const { binding: ck, module } = session.cryptoki;
  session.found.delete(kid);
  const [secret, open] = [ck.CKO_PRIVATE_KEY, ck.CKO_PUBLIC_KEY].map((kind) => findKeys(session, kid, kind));
  for (const object of [...(secret ?? []), ...(open ?? [])]) module.C_DestroyObject(session.handle, object);
  if (secret?.length === 0) throw missing();
}

function missing(): IssuerError {
  return new IssuerError('KEY_UNKNOWN', 'The token holds no such key.');
}

/**
 * r and s each at full length: PKCS #11 v2.40 §2.3.1 lets both be shorter by as much.
 *
 * IssuerError TOKEN_FAULT for anything else.
 */
export function rawSignature(answer: Uint8Array): Uint8Array {
  const half = answer.length / 2;
  if (!Number.isInteger(half) || half === 0 || answer.length > ES256_SIGNATURE_BYTES) {
    throw new IssuerError('TOKEN_FAULT', 'The token answered with something that is no signature of P-256.');
  }
  const raw = new Uint8Array(ES256_SIGNATURE_BYTES);
  raw.set(answer.subarray(0, half), COORDINATE_BYTES - half);
  raw.set(answer.subarray(half), ES256_SIGNATURE_BYTES - half);
  return raw;
}

/**
 * The key whose point a token states, as DER OCTET STRING or, by some, bare.
 *
 * IssuerError KEY_UNSUPPORTED if it is no uncompressed point of P-256.
 */
export function publicKeyOf(stated: Uint8Array): PublicKey {
  const isDer = stated.length === POINT_BYTES + 2 && stated[0] === 0x04 && stated[1] === POINT_BYTES;
  const point = isDer ? stated.subarray(2) : stated;
  if (point.length !== POINT_BYTES || point[0] !== 0x04) throw unsupported('states no point of P-256');
  const [x, y] = [point.subarray(1, 1 + COORDINATE_BYTES), point.subarray(1 + COORDINATE_BYTES)].map((part) =>
    Buffer.from(part).toString('base64url'),
  );
  const coordinates = { x: x ?? '', y: y ?? '' };
  try {
    importEs256Key(coordinates);
  } catch {
    throw unsupported('states no point of P-256');
  }
  return { kid: thumbprint(coordinates), ...coordinates };
}

/** Some libraries pass over what they do not implement: a key that can be read out is no better than a file. */
function assertHeld(
  ck: TokenSession['cryptoki']['binding'],
  read: (types: number[]) => readonly Buffer[],
): void {
  const [isPrivate, isSensitive, isExtractable] = read([
    ck.CKA_PRIVATE,
    ck.CKA_SENSITIVE,
    ck.CKA_EXTRACTABLE,
  ]).map((value) => value[0]);
  if (isPrivate !== 1 || isSensitive !== 1 || isExtractable !== 0) throw unsupported('would let it be read');
}

function findKeys({ cryptoki, handle }: TokenSession, kid: string, kind: number): readonly Handle[] {
  const { binding: ck, module } = cryptoki;
  module.C_FindObjectsInit(handle, [
    { type: ck.CKA_CLASS, value: kind },
    { type: ck.CKA_LABEL, value: kid },
  ]);
  try {
    return module.C_FindObjects(handle, 2);
  } finally {
    module.C_FindObjectsFinal(handle);
  }
}

function unsupported(why: string): IssuerError {
  return new IssuerError('KEY_UNSUPPORTED', `The token made a key, but ${why}: it was destroyed.`);
}

function discard(run: () => void): void {
  try {
    run();
  } catch {
    // What is told is why it had to go.
  }
}
