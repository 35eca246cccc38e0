import { FormatError } from '../../credential/errors.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { isJsonArray, isJsonObject } from '../../credential/json.ts';
import { type IssuerJwk, parseIssuerJwk } from '../../credential/jwk.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import { RegistryError } from '../../contracts/registry-error.ts';
import { readJsonFile } from '../trust/json-file.ts';
import type { ListKeysOptions } from './commands/key.ts';
import { withSender } from './connect.ts';
import { cost, plainly, print } from './print.ts';

interface Skipped {
  /** Position in the key set, from 1. */
  readonly position: number;
  readonly why: string;
}

/**
 * `pratique registry list-keys`: list every fit key of a set that the registry does not have yet.
 *
 * A key that is not fit (a private part published, no point of P-256) is passed over with a line; the others stand.
 */
export async function runListKeys(iss: string, path: string, options: ListKeysOptions): Promise<void> {
  const { json } = await readJsonFile(path);
  if (!isJsonObject(json) || !isJsonArray(json['keys'])) {
    throw new FormatError('MALFORMED', 'The file is not a JSON Web Key Set: it has no list of keys.');
  }
  const entries = json['keys'];
  const { issuerId, kids, transactions, skipped } = await withSender(options, async (client) => {
    const id = await client.issuerIdOf(iss);
    if (id === 0) throw new RegistryError('REVERTED', 'The registry has no issuer of this iss.');
    const sorted = await fitKeys(client, id, entries);
    const terms = sorted.fit.map(({ x, y, crlVersion }) => ({
      issuerId: id,
      x,
      y,
      validUntil: options.until,
      // A key with crlVersion promises a list of revoked rids (SMART Health Cards, "Revocation").
      revocation: options.revocation ?? (crlVersion === undefined ? ('none' as const) : ('rids' as const)),
    }));
    return { issuerId: id, skipped: sorted.skipped, ...(await client.listKeys(terms)) };
  });
  print(
    { issuerId, listed: kids.map((kid) => ({ kid })), skipped, transactions: plainly(transactions) },
    [
      ...kids.map((kid) => `Key ${kid} is listed`),
      ...skipped.map(({ position, why }) => `Key number ${position} was passed over. ${why}`),
      ...transactions.map((written) => `Transaction ${written.txHash}: ${cost(written)}`),
      `${kids.length} listed, ${skipped.length} passed over`,
    ],
    options,
  );
}

async function fitKeys(
  client: RegistryClient,
  issuerId: number,
  entries: readonly unknown[],
): Promise<{ fit: IssuerJwk[]; skipped: Skipped[] }> {
  const fit: IssuerJwk[] = [];
  const skipped: Skipped[] = [];
  for (const [index, entry] of entries.entries()) {
    const skip = (why: string): number => skipped.push({ position: index + 1, why });
    const key = readKey(entry);
    if (key instanceof FormatError) skip(key.message);
    else if (fit.some(({ kid }) => kid === key.kid)) skip('It stands in the set twice.');
    else if ((await client.keyOf(issuerId, key.kid)).state !== 'none') skip('The registry has it already.');
    else if (await client.isBurned(key.kid)) skip('It was burned.');
    else fit.push(key);
  }
  return { fit, skipped };
}

function readKey(entry: unknown): IssuerJwk | FormatError {
  try {
    const key = parseIssuerJwk(entry);
    importEs256Key(key);
    return key;
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
}
