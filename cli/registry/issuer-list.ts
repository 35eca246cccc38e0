import type { NewIssuer } from '../../contracts/registry-terms.ts';
import { FormatError } from '../../credential/errors.ts';
import { isJsonArray, isJsonObject } from '../../credential/json.ts';
import { readJsonFile } from '../trust/json-file.ts';
import type { ListIssuersOptions } from './commands/issuer.ts';
import { withSender } from './connect.ts';
import { cost, plainly, print } from './print.ts';

/** `pratique registry issuer list`: all of a file's issuers, in as many transactions as it takes. */
export async function listIssuers(file: string, options: ListIssuersOptions): Promise<void> {
  const { json } = await readJsonFile(file);
  if (!isJsonArray(json) || json.length === 0) {
    throw new FormatError('MALFORMED', 'The file is not a list of issuers.');
  }
  const issuers = json.map((entry, at) => readIssuer(entry, at + 1, options));
  const { issuerIds, transactions } = await withSender(options, (client) =>
    client.listIssuers(issuers, (done, all) => {
      if (options.json !== true && all > done) process.stderr.write(`${done} of ${all} are registered\n`);
    }),
  );
  print(
    { issuerIds, transactions: plainly(transactions) },
    [
      ...issuers.map(({ iss }, at) => `Issuer ${issuerIds[at]} is ${iss}`),
      ...transactions.map((written) => `Transaction ${written.txHash}: ${cost(written)}`),
      `${issuerIds.length} registered, ${transactions.length} ${transactions.length === 1 ? 'transaction' : 'transactions'}`,
    ],
    options,
  );
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
