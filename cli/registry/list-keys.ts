import { FormatError } from '../../credential/errors.ts';
import { isJsonArray, isJsonObject } from '../../credential/json.ts';
import { type IssuerJwk, parseIssuerJwk } from '../../credential/jwk.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import { RegistryError } from '../../contracts/registry-error.ts';
import { readJsonFile } from '../trust/json-file.ts';
import type { ListKeysOptions } from '../registry.ts';
import { connectSender } from './connect.ts';
import { print } from './print.ts';

interface Listed {
  readonly kid: string;
  readonly block: number;
  readonly gas: number;
}

interface Skipped {
  /** Position in the key set, from 1. */
  readonly position: number;
  readonly why: string;
}

/**
 * `pratique registry list-keys`: list every fit key of a set that the registry does not have yet.
 *
 * A key that is not fit (a private part published, no P-256 key) is passed over with a line; the others stand.
 */
export async function runListKeys(iss: string, path: string, options: ListKeysOptions): Promise<void> {
  const { json } = await readJsonFile(path);
  if (!isJsonObject(json) || !isJsonArray(json['keys'])) {
    throw new FormatError('MALFORMED', 'The file is not a JSON Web Key Set: it has no list of keys.');
  }
  const client = await connectSender(options);
  const issuerId = await client.issuerIdOf(iss);
  if (issuerId === 0) throw new RegistryError('REVERTED', 'The registry has no issuer of this iss.');

  const listed: Listed[] = [];
  const skipped: Skipped[] = [];
  for (const [index, entry] of json['keys'].entries()) {
    const skip = (why: string): number => skipped.push({ position: index + 1, why });
    const key = readKey(entry);
    if (key instanceof FormatError) skip(key.message);
    else if ((await client.keyOf(issuerId, key.kid)).state !== 'none') skip('The registry has it already.');
    else listed.push(await listKey(client, issuerId, key, options));
  }
  print(
    { issuerId, listed, skipped },
    [
      ...listed.map(
        ({ kid, block, gas }) => `Key ${kid} is listed: block ${block}, ${gas.toLocaleString('en-US')} gas`,
      ),
      ...skipped.map(({ position, why }) => `Key number ${position} was passed over. ${why}`),
      `${listed.length} listed, ${skipped.length} passed over`,
    ],
    options,
  );
}

function readKey(entry: unknown): IssuerJwk | FormatError {
  try {
    return parseIssuerJwk(entry);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
}

async function listKey(
  client: RegistryClient,
  issuerId: number,
  key: IssuerJwk,
  options: ListKeysOptions,
): Promise<Listed> {
  const { kid, block, gas } = await client.listKey({
    issuerId,
    x: key.x,
    y: key.y,
    validUntil: options.until,
    // A key with crlVersion promises a list of revoked rids (SMART Health Cards, "Revocation").
    revocation: options.revocation ?? (key.crlVersion === undefined ? 'none' : 'rids'),
  });
  return { kid, block, gas: Number(gas) };
}
