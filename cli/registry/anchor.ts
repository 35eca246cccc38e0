import type { AnchorReading } from '../../contracts/log-reader.ts';
import { moment } from '../../contracts/moment.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import type { NewAnchor } from '../../contracts/registry-terms.ts';
import type { PutAnchorOptions } from './commands/anchor.ts';
import { connectReader, issuerNumber, withSender } from './connect.ts';
import { printSigned, signInto } from './instruction.ts';
import type { RegistryOptions, WriteOptions } from './options.ts';
import { print, printWritten } from './print.ts';

/** `pratique registry anchor put`: now, or signed for somebody else to send. */
export async function putAnchor(issuer: string, list: string, options: PutAnchorOptions): Promise<void> {
  const { instruction, deadline, after } = options;
  if (instruction !== undefined) {
    const signing = { instruction, after, ...(deadline === undefined ? {} : { deadline }) };
    const signed = await withSender(options, async (client) =>
      signInto(
        client,
        { instruction: 'anchor', terms: await termsOf(client, { issuer, list }, options) },
        signing,
      ),
    );
    printSigned(`Anchor of list ${list}`, { file: instruction, signed }, options);
    return;
  }
  const written = await withSender(options, async (client) => {
    const terms = await termsOf(client, { issuer, list }, options);
    return { ...(await client.anchor(terms)), counter: terms.counter };
  });
  printWritten(`List ${list} is anchored, counter ${written.counter}`, written, options);
}

async function termsOf(
  client: RegistryClient,
  { issuer, list }: { readonly issuer: string; readonly list: string },
  { root, counter, length, revoked, final }: PutAnchorOptions,
): Promise<NewAnchor> {
  const issuerId = await issuerNumber(client, issuer);
  return {
    issuerId,
    list,
    root: Buffer.from(root.slice(2), 'hex'),
    counter: counter ?? (await client.anchorOf(issuerId, list)).counter + 1,
    length,
    revoked,
    final: final === true,
  };
}

/** `pratique registry anchor renew`. */
export async function renewAnchor(issuer: string, list: string, options: WriteOptions): Promise<void> {
  const written = await withSender(options, async (client) =>
    client.renewAnchor(await issuerNumber(client, issuer), list),
  );
  printWritten(`The last anchor of list ${list} still stands`, written, options);
}

/** `pratique registry anchor show`. */
export async function showAnchor(issuer: string, list: string, options: RegistryOptions): Promise<void> {
  const client = await connectReader(options);
  const issuerId = await issuerNumber(client, issuer);
  const anchor = await client.anchorOf(issuerId, list);
  print(
    { issuerId, list, ...anchor },
    anchor.counter === 0
      ? [`Issuer ${issuerId} has anchored nothing of list ${list}`]
      : [`Anchored ${moment(anchor.time)}: ${anchorInWords(anchor)}`],
    options,
  );
}

/** Root, counter and counts of an anchor. */
export function anchorInWords({ root, counter, length, revoked, final }: AnchorReading): string {
  const counts = `${revoked.toLocaleString('en-US')} of ${length.toLocaleString('en-US')} revoked`;
  return `root ${root}, counter ${counter}, ${counts}${final ? ', final' : ''}`;
}
