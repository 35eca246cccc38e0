import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  randomBytes,
  scrypt,
  type KeyObject,
} from 'node:crypto';

import { IssuerError } from './issuer-error.ts';
import { taggerOf, type TagKeys, type TagPurpose, type Tagger } from './tagger.ts';

/** The tables whose records are sealed; part of what each record is bound to. */
export type SealedTable =
  | 'private-keys'
  | 'token-keys'
  | 'lists'
  | 'idempotency'
  | 'records'
  | 'retrieval-asks'
  | 'retrievals'
  | 'retrieval-findings'
  | 'retrieval-messages'
  | 'retrieval-answers'
  | 'corrections';

/** How the passphrase becomes a key; stated in the envelope so that it can grow with the years. */
interface ScryptParameters {
  readonly name: 'scrypt';
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: string;
}

/** What lies beside the store in clear: the data key, wrapped by the passphrase's key. Binary members are base64url. */
export interface Envelope {
  readonly version: 1;
  readonly kdf: ScryptParameters;
  readonly iv: string;
  readonly wrappedKey: string;
}

/** scrypt at N = 2^17, r = 8 asks a guesser for 128 MiB and about half a second a try. */
const SCRYPT_N = 2 ** 17;
/** Bounds on what an envelope may ask of us: a hostile one must not take the machine's memory. */
const MIN_N = 2 ** 14;
const MAX_N = 2 ** 20;
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SEAL_VERSION = 1;
const MIN_PASSPHRASE_LENGTH = 8;

/** AES-256-GCM under the issuer's data key, each record bound to its table, key and version. */
export class SealedBox implements Tagger {
  readonly #key: KeyObject;
  /** The keys of tags, for a thread that makes tags and opens nothing. */
  readonly tagKeys: TagKeys;
  /** The key of the audit log's MACs. */
  readonly auditKey: KeyObject;
  /** The key of the service's access tokens. */
  readonly accessKey: KeyObject;
  readonly #tagger: Tagger;

  constructor(dataKey: Uint8Array) {
    this.#key = createSecretKey(dataKey);
    const keyOf = (purpose: TagPurpose): KeyObject => derivedKey(this.#key, `tag|${purpose}`);
    this.tagKeys = { person: keyOf('person'), lot: keyOf('lot'), payload: keyOf('payload') };
    this.auditKey = derivedKey(this.#key, 'audit');
    this.accessKey = derivedKey(this.#key, 'access');
    this.#tagger = taggerOf(this.tagKeys);
  }

  /** Seals one record: version ‖ 96-bit IV ‖ ciphertext ‖ 128-bit tag, table, key and version as associated data. */
  seal(table: SealedTable, key: string, plain: Uint8Array): Uint8Array {
    const iv = randomBytes(IV_BYTES);
    const body = encrypt(this.#key, iv, associatedData(table, key, SEAL_VERSION), plain);
    return Buffer.concat([Buffer.of(SEAL_VERSION), iv, body]);
  }

  /** A keyed tag of a text: 16 bytes of HMAC-SHA256 in base64url. */
  tag(...of: Parameters<Tagger['tag']>): string {
    return this.#tagger.tag(...of);
  }

  /** The keyed hash of the payload of a card: HMAC-SHA256 in base64url. */
  payloadHash(payload: Uint8Array): string {
    return this.#tagger.payloadHash(payload);
  }

  /** The key of one backup, which opens no record of the store and no other backup (HKDF, RFC 5869). */
  backupKey(salt: Uint8Array): KeyObject {
    return createSecretKey(Buffer.from(hkdfSync('sha256', this.#key, salt, 'pratique/backup', KEY_BYTES)));
  }

  /** Opens a sealed record; IssuerError STORE_DAMAGED if a bit of it changed or it stood elsewhere. */
  open(table: SealedTable, key: string, sealed: Uint8Array): Buffer {
    const version = sealed[0];
    if (version !== SEAL_VERSION || sealed.length < 1 + IV_BYTES + TAG_BYTES) throw damaged();
    const iv = sealed.subarray(1, 1 + IV_BYTES);
    const plain = decrypt(this.#key, iv, associatedData(table, key, version), sealed.subarray(1 + IV_BYTES));
    if (plain === undefined) throw damaged();
    return plain;
  }
}

/**
 * Makes a new data key and wraps it under the passphrase.
 *
 * IssuerError PASSPHRASE_TOO_SHORT under 8 characters. `cost` is scrypt's N, a power of two from 2^14 to 2^20.
 */
export async function createEnvelope(
  passphrase: string,
  cost: number = SCRYPT_N,
): Promise<{ readonly envelope: Envelope; readonly box: SealedBox }> {
  if ([...passphrase].length < MIN_PASSPHRASE_LENGTH) {
    throw new IssuerError(
      'PASSPHRASE_TOO_SHORT',
      `The passphrase needs at least ${MIN_PASSPHRASE_LENGTH} characters.`,
    );
  }
  const kdf: ScryptParameters = {
    name: 'scrypt',
    N: cost,
    r: 8,
    p: 1,
    salt: randomBytes(16).toString('base64url'),
  };
  const dataKey = randomBytes(KEY_BYTES);
  const iv = randomBytes(IV_BYTES);
  const wrapped = encrypt(await passphraseKey(passphrase, kdf), iv, envelopeData(kdf), dataKey);
  const envelope: Envelope = {
    version: 1,
    kdf,
    iv: iv.toString('base64url'),
    wrappedKey: wrapped.toString('base64url'),
  };
  const box = new SealedBox(dataKey);
  dataKey.fill(0);
  return { envelope, box };
}

/**
 * Unwraps the data key of an envelope as read from disk.
 *
 * IssuerError WRONG_PASSPHRASE if the tag does not match (a changed envelope looks the same, as it must), STORE_DAMAGED
 * if it is no envelope at all.
 */
export async function openEnvelope(json: unknown, passphrase: string): Promise<SealedBox> {
  const envelope = readEnvelope(json);
  const key = await passphraseKey(passphrase, envelope.kdf);
  const wrapped = Buffer.from(envelope.wrappedKey, 'base64url');
  const dataKey = decrypt(key, Buffer.from(envelope.iv, 'base64url'), envelopeData(envelope.kdf), wrapped);
  if (dataKey === undefined || dataKey.length !== KEY_BYTES) {
    throw new IssuerError('WRONG_PASSPHRASE', "The passphrase does not open this issuer's keys.");
  }
  const box = new SealedBox(dataKey);
  dataKey.fill(0);
  return box;
}

/** Each purpose has a key of its own (HKDF, RFC 5869). */
function derivedKey(dataKey: KeyObject, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', dataKey, '', `pratique/${purpose}`, KEY_BYTES)));
}

function readEnvelope(json: unknown): Envelope {
  const envelope = json as Partial<Envelope> | null;
  const kdf = envelope?.kdf;
  const sound =
    typeof envelope === 'object' &&
    envelope?.version === 1 &&
    kdf?.name === 'scrypt' &&
    [kdf.N, kdf.r, kdf.p].every((n) => Number.isInteger(n) && n > 0) &&
    kdf.N >= MIN_N &&
    kdf.N <= MAX_N &&
    (kdf.N & (kdf.N - 1)) === 0 &&
    kdf.r <= 32 &&
    kdf.p <= 16 &&
    [kdf.salt, envelope.iv, envelope.wrappedKey].every((text) => typeof text === 'string') &&
    Buffer.from(envelope.iv ?? '', 'base64url').length === IV_BYTES;
  if (!sound) throw new IssuerError('STORE_DAMAGED', 'The envelope of the issuer folder cannot be read.');
  return envelope as Envelope;
}

function passphraseKey(passphrase: string, kdf: ScryptParameters): Promise<KeyObject> {
  const salt = Buffer.from(kdf.salt, 'base64url');
  const { N, r, p } = kdf;
  // Node refuses more than 32 MiB unless told; scrypt needs 128·N·r bytes.
  const options = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    // NFKC, so that the same passphrase typed on another system's keyboard is the same bytes.
    scrypt(passphrase.normalize('NFKC'), salt, KEY_BYTES, options, (error, derived) => {
      if (error) reject(error);
      else resolve(createSecretKey(derived));
    });
  });
}

function associatedData(table: SealedTable, key: string, version: number): Uint8Array {
  return Buffer.from(`pratique/sealed|${table}|${key}|${version}`);
}

/** The header is bound to the wrapping, so that nobody weakens its parameters unseen. */
function envelopeData(kdf: ScryptParameters): Uint8Array {
  return Buffer.from(`pratique/envelope|1|${kdf.name}|${kdf.N}|${kdf.r}|${kdf.p}|${kdf.salt}`);
}

function encrypt(key: KeyObject, iv: Uint8Array, data: Uint8Array, plain: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES }).setAAD(data);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: KeyObject, iv: Uint8Array, data: Uint8Array, body: Uint8Array): Buffer | undefined {
  if (body.length < TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES }).setAAD(data);
  decipher.setAuthTag(body.subarray(body.length - TAG_BYTES));
  const plain = decipher.update(body.subarray(0, body.length - TAG_BYTES));
  try {
    return Buffer.concat([plain, decipher.final()]);
  } catch {
    return undefined;
  }
}

function damaged(): IssuerError {
  return new IssuerError('STORE_DAMAGED', 'A sealed record of the issuer folder was changed or moved.');
}
