import type { RegistryClient } from '../../contracts/registry-client.ts';
import type { NewIssuer } from '../../contracts/registry-terms.ts';
import { FormatError } from '../../credential/errors.ts';
import { isJsonArray, isJsonObject } from '../../credential/json.ts';
import { readJsonFile } from '../trust/json-file.ts';
import type { ListIssuersOptions } from './commands/issuer.ts';
import { withSender } from './connect.ts';
import { cost, plainly, print } from './print.ts';

interface Skipped {
  /** Position in the list, from 1. */
  readonly position: number;
  readonly iss: string;
  readonly issuerId: number;
}

/**
 * `pratique registry issuer list`: all of a file's issuers that the registry does not have yet, in as many transactions as
 * it takes: run again after one of them failed, it goes on where it stopped.
 */
export async function listIssuers(file: string, options: ListIssuersOptions): Promise<void> {
  const { json } = await readJsonFile(file);
  if (!isJsonArray(json) || json.length === 0) {
    throw new FormatError('MALFORMED', 'The file is not a list of issuers.');
  }
  const issuers = json.map((entry, at) => readIssuer(entry, at + 1, options));
  const { fresh, skipped, issuerIds, transactions } = await withSender(options, async (client) => {
    const sorted = await freshIssuers(client, issuers);
    const listed = await client.listIssuers(sorted.fresh, (done, all) => {
      if (options.json !== true && all > done) process.stderr.write(`${done} of ${all} are registered\n`);
    });
    return { ...sorted, ...listed };
  });
  const count = `${transactions.length} ${transactions.length === 1 ? 'transaction' : 'transactions'}`;
  print(
    { issuerIds, skipped, transactions: plainly(transactions) },
    [
      ...fresh.map(({ iss }, at) => `Issuer ${issuerIds[at]} is ${iss}`),
      ...skipped.map(
        ({ position, iss, issuerId }) =>
          `Number ${position} was passed over: ${iss} is issuer ${issuerId} already.`,
      ),
      ...transactions.map((written) => `Transaction ${written.txHash}: ${cost(written)}`),
      `${issuerIds.length} registered, ${skipped.length} passed over, ${count}`,
    ],
    options,
  );
}

async function freshIssuers(
  client: RegistryClient,
  issuers: readonly NewIssuer[],
): Promise<{ fresh: NewIssuer[]; skipped: Skipped[] }> {
  const fresh: NewIssuer[] = [];
  const skipped: Skipped[] = [];
  for (const [index, issuer] of issuers.entries()) {
    const issuerId = await client.issuerIdOf(issuer.iss);
    if (issuerId === 0) fresh.push(issuer);
    else skipped.push({ position: index + 1, iss: issuer.iss, issuerId });
  }
  return { fresh, skipped };
}

function readIssuer(entry: unknown, place: number, options: ListIssuersOptions): NewIssuer {
  const malformed = (why: string): FormatError =>
    new FormatError('MALFORMED', `The issuer in place ${place} of the list ${why}.`);
  if (!isJsonObject(entry)) throw malformed('is not a JSON object');
  const { iss, name, statusBase = '', controller = null } = entry;
  if (typeof iss !== 'string' || typeof name !== 'string') throw malformed('lacks its iss or its name');
  if (typeof statusBase !== 'string') throw malformed('has a statusBase that is no text');
  if (controller !== null && typeof controller !== 'string') {
    throw malformed('has a controller that is no address');
  }
  return {
    iss,
    name,
    statusBase,
    controller,
    jurisdiction: options.jurisdiction,
    accreditedFrom: options.from ?? 0,
    accreditedUntil: options.until ?? 0,
    attestations: options.attestations ?? 0,
    status: options.pending === true ? 'pending' : 'active',
  };
}
