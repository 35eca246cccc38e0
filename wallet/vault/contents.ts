import { encodeBase64url } from '../../credential/base64url.ts';
import { FormatError } from '../../credential/errors.ts';
import { decodeUtf8, isJsonObject, parseJson } from '../../credential/json.ts';
import { entries, record, ShapeError, text, whole } from '../../credential/strict-reader.ts';
import { derivedBytes, seal, sealingKey, unseal } from './sealing.ts';
import type { Bytes, Changes } from './store.ts';
import { VaultError } from './vault-error.ts';

/** The record that says which others there are. */
export const MANIFEST = 'manifest';

/** What is kept under one name: JSON. */
export type Records = ReadonlyMap<string, unknown>;

/** What was read of the records, with what is needed to write the next one. */
export interface Contents {
  /** Rises with every change. */
  readonly generation: number;
  readonly records: Records;
  /** By the stored name of each, the generation that wrote it. */
  readonly written: ReadonlyMap<string, number>;
}

export const NO_CONTENTS: Contents = { generation: 0, records: new Map(), written: new Map() };

/** The keys of one vault, made from its data key. */
export interface ContentKeys {
  readonly vault: string;
  readonly seal: CryptoKey;
  readonly name: CryptoKey;
}

interface Manifest {
  readonly generation: number;
  readonly written: ReadonlyMap<string, number>;
}

const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const;

const utf8 = new TextEncoder();
const storedName = text(/^[\w-]{43}$/, 43);
/** Far more than a wallet keeps: it is sealed, so nobody else wrote it, and a vault that cannot be read again is lost. */
const MAX_RECORDS = 10_000;
const manifest = record<Manifest>({
  generation: whole,
  written: entries(storedName, whole, MAX_RECORDS),
});

/** The keys for the records and for their names. */
export async function contentKeys(dataKey: Bytes, vault: string): Promise<ContentKeys> {
  const nameKey = await derivedBytes(dataKey, 'pratique/vault/1/names');
  return {
    vault,
    seal: await sealingKey(await derivedBytes(dataKey, 'pratique/vault/1/records')),
    name: await crypto.subtle.importKey('raw', nameKey, HMAC, false, ['sign']),
  };
}

/** What a change writes, and what is there once it is written. */
export interface Written {
  readonly contents: Contents;
  readonly changes: Changes;
}

/** Seal some records anew (undefined: remove), with the manifest that then holds. */
export async function writeRecords(
  keys: ContentKeys,
  contents: Contents,
  changed: ReadonlyMap<string, unknown>,
): Promise<Written> {
  const generation = contents.generation + 1;
  const records = new Map(contents.records);
  const written = new Map(contents.written);
  const changes = new Map<string, Bytes | undefined>();
  for (const [name, value] of changed) {
    const place = await storedNameOf(keys, name);
    if (value === undefined) {
      records.delete(name);
      written.delete(place);
      changes.set(place, undefined);
      continue;
    }
    records.set(name, value);
    written.set(place, generation);
    changes.set(place, await sealJson(keys, { name, value }, recordPlace(keys, place, generation)));
  }
  const list = { generation, written: Object.fromEntries(written) };
  changes.set(MANIFEST, await sealJson(keys, list, manifestPlace(keys)));
  return { contents: { generation, records, written }, changes };
}

/**
 * Open every record. One that is missing, one too many or an older one in its place is damage: whoever can write into
 * the browser's storage must not bring back a pass that was deleted, or hide one.
 *
 * @throws VaultError VAULT_DAMAGED
 */
export async function readRecords(keys: ContentKeys, stored: ReadonlyMap<string, Bytes>): Promise<Contents> {
  try {
    const { generation, written } = manifest(
      await unsealJson(keys, stored.get(MANIFEST), manifestPlace(keys)),
    );
    if (written.size !== stored.size - Number(stored.has(MANIFEST))) throw damaged();
    const records = new Map<string, unknown>();
    for (const [place, at] of written) {
      const json = await unsealJson(keys, stored.get(place), recordPlace(keys, place, at));
      if (!isJsonObject(json) || typeof json['name'] !== 'string') throw damaged();
      records.set(json['name'], json['value']);
    }
    return { generation, records, written };
  } catch (error) {
    if (error instanceof FormatError || error instanceof ShapeError) throw damaged();
    throw error;
  }
}

/** A name tells whose pass it is: what is stored is its HMAC, which only the vault's own key makes. */
async function storedNameOf({ name: key }: ContentKeys, name: string): Promise<string> {
  return encodeBase64url(new Uint8Array(await crypto.subtle.sign(HMAC, key, utf8.encode(name))));
}

function recordPlace({ vault }: ContentKeys, place: string, generation: number): Bytes {
  return utf8.encode(`pratique/vault/1/${vault}/record/${place}/${generation}`);
}

function manifestPlace({ vault }: ContentKeys): Bytes {
  return utf8.encode(`pratique/vault/1/${vault}/manifest`);
}

async function sealJson(keys: ContentKeys, json: unknown, place: Bytes): Promise<Bytes> {
  return seal(keys.seal, utf8.encode(JSON.stringify(json)), place);
}

async function unsealJson(keys: ContentKeys, sealed: Bytes | undefined, place: Bytes): Promise<unknown> {
  const plain = sealed === undefined ? undefined : await unseal(keys.seal, sealed, place);
  if (plain === undefined) throw damaged();
  return parseJson(decodeUtf8(plain));
}

function damaged(): VaultError {
  return new VaultError('VAULT_DAMAGED');
}
