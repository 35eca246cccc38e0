import { moment } from '../../contracts/moment.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import { UsageError } from '../exit.ts';
import type { RegisterIssuerOptions, UpdateIssuerOptions } from './commands/issuer.ts';
import { issuerNumber, withSender } from './connect.ts';
import type { ReasonOptions, WriteOptions } from './options.ts';
import { printWritten, proposalInWords } from './print.ts';
import { verifiedHistory } from './verified-history.ts';

/** What an accreditor can make of an issuer. */
const REACHABLE = ['active', 'suspended', 'retired', 'withdrawn'] as const;

/** `pratique registry issuer register`. */
export async function registerIssuer(options: RegisterIssuerOptions): Promise<void> {
  const { iss, name, statusBase, jurisdiction, controller = null } = options;
  const written = await withSender(options, (client) =>
    client.registerIssuer({
      iss,
      name,
      statusBase,
      jurisdiction,
      controller,
      accreditedFrom: options.from ?? 0,
      accreditedUntil: options.until ?? 0,
      attestations: options.attestations ?? 0,
      status: options.pending === true ? 'pending' : 'active',
    }),
  );
  printWritten(`Issuer ${written.issuerId} is registered`, written, options);
}

/** `pratique registry issuer update`: what is not said stays as it is. */
export async function updateIssuer(issuer: string, options: UpdateIssuerOptions): Promise<void> {
  const written = await of(issuer, options, async (client, issuerId) => {
    const state = await client.issuerOf(issuerId);
    return client.updateIssuer(issuerId, {
      name: options.name ?? (await nameOf(issuerId, options)),
      accreditedFrom: options.from ?? state.accreditedFrom,
      accreditedUntil: options.until ?? state.accreditedUntil,
      attestations: options.attestations ?? state.attestations,
    });
  });
  printWritten(`Issuer ${written.issuerId} is stated anew`, written, options);
}

/** The name stands in the log alone: one that a node made up must not be written over the true one. */
async function nameOf(issuerId: number, options: WriteOptions): Promise<string> {
  const { entries } = await verifiedHistory(options);
  const last = entries.findLast(
    ({ event, details }) =>
      (event === 'IssuerRegistered' || event === 'IssuerUpdated') && details['issuerId'] === issuerId,
  );
  return String(last?.details['name'] ?? '');
}

/** `pratique registry issuer status`. */
export async function setIssuerStatus(issuer: string, to: string, options: ReasonOptions): Promise<void> {
  const status = REACHABLE.find((word) => word === to);
  if (status === undefined) throw new UsageError(`An issuer can become ${REACHABLE.join(', ')}.`);
  const written = await of(issuer, options, (client, issuerId) =>
    client.setIssuerStatus(issuerId, status, options.reason),
  );
  printWritten(`Issuer ${written.issuerId} is ${status}`, written, options);
}

/** `pratique registry issuer hold` and `release`. */
export async function holdIssuer(issuer: string, held: boolean, options: ReasonOptions): Promise<void> {
  const written = await of(issuer, options, (client, issuerId) =>
    client.setIssuerHeld(issuerId, held, options.reason),
  );
  printWritten(`Issuer ${written.issuerId} is ${held ? 'held' : 'no longer held'}`, written, options);
}

/** `pratique registry issuer status-base`. */
export async function setStatusBase(issuer: string, url: string, options: WriteOptions): Promise<void> {
  const statusBase = url === 'none' ? '' : url;
  const written = await of(issuer, options, (client, issuerId) => client.setStatusBase(issuerId, statusBase));
  printWritten(
    `Issuer ${written.issuerId} publishes its status data ${statusBase === '' ? 'nowhere' : `under ${statusBase}`}`,
    written,
    options,
  );
}

/** `pratique registry issuer operator`. */
export async function setOperator(
  issuer: string,
  account: string | null,
  options: WriteOptions,
): Promise<void> {
  const written = await of(issuer, options, (client, issuerId) => client.setOperator(issuerId, account));
  printWritten(`Operator of issuer ${written.issuerId}: ${account ?? 'none'}`, written, options);
}

/** `pratique registry issuer propose-controller`. */
export async function proposeController(
  issuer: string,
  account: string | null,
  options: WriteOptions,
): Promise<void> {
  const written = await of(issuer, options, (client, issuerId) =>
    client.proposeController(issuerId, account),
  );
  printWritten(
    `Next controller of issuer ${written.issuerId}: ${proposalInWords(written) ?? 'nobody is proposed'}`,
    written,
    options,
  );
}

/** `pratique registry issuer accept-controller`. */
export async function acceptController(issuer: string, options: WriteOptions): Promise<void> {
  const written = await of(issuer, options, async (client, issuerId) => ({
    ...(await client.acceptController(issuerId)),
    controller: await client.sender(),
  }));
  printWritten(`${written.controller} controls issuer ${written.issuerId}`, written, options);
}

/** `pratique registry issuer offer`. */
export async function offerIssuer(
  issuer: string,
  jurisdiction: string,
  options: WriteOptions,
): Promise<void> {
  const to = jurisdiction === 'none' ? null : jurisdiction;
  const written = await of(issuer, options, (client, issuerId) => client.offerIssuer(issuerId, to));
  printWritten(
    to === null
      ? `Issuer ${written.issuerId} is offered to no other jurisdiction`
      : `Issuer ${written.issuerId} is offered to ${to}, which may accept from ${moment(written.notBefore)} on`,
    written,
    options,
  );
}

/** `pratique registry issuer accept`. */
export async function acceptIssuer(issuer: string, options: WriteOptions): Promise<void> {
  const written = await of(issuer, options, async (client, issuerId) => ({
    ...(await client.acceptIssuer(issuerId)),
    jurisdiction: (await client.issuerOf(issuerId)).jurisdiction,
  }));
  printWritten(`Issuer ${written.issuerId} belongs to ${written.jurisdiction}`, written, options);
}

/** Write about an issuer named by number or iss. */
async function of<T extends object>(
  issuer: string,
  options: WriteOptions,
  write: (client: RegistryClient, issuerId: number) => Promise<T>,
): Promise<T & { readonly issuerId: number }> {
  return withSender(options, async (client) => {
    const issuerId = await issuerNumber(client, issuer);
    return { ...(await write(client, issuerId)), issuerId };
  });
}
