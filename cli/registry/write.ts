import { decodeBase64url } from '../../credential/base64url.ts';
import type {
  OpenOptions,
  ReasonOptions,
  RegisterIssuerOptions,
  RegisterKeyOptions,
  WriteOptions,
} from '../registry.ts';
import { UsageError } from '../exit.ts';
import { connectSender, issuerNumber } from './connect.ts';
import { printWritten } from './print.ts';

/** What an accreditor can make of an issuer. */
const REACHABLE = ['active', 'suspended', 'retired', 'withdrawn'] as const;

/** `pratique registry jurisdiction open`. */
export async function openJurisdiction(code: string, options: OpenOptions): Promise<void> {
  const client = await connectSender(options);
  const written = await client.openJurisdiction(code, options.name, options.accreditor);
  printWritten(`Jurisdiction ${code} is open`, written, options);
}

/** `pratique registry jurisdiction suspend` and `resume`. */
export async function suspendJurisdiction(
  code: string,
  suspended: boolean,
  options: ReasonOptions,
): Promise<void> {
  const client = await connectSender(options);
  const written = await client.setJurisdictionSuspended(code, suspended, options.reason);
  printWritten(
    `Jurisdiction ${code} is ${suspended ? 'suspended' : 'no longer suspended'}`,
    written,
    options,
  );
}

/** `pratique registry issuer register`. */
export async function registerIssuer(options: RegisterIssuerOptions): Promise<void> {
  const client = await connectSender(options);
  const { iss, name, statusBase, jurisdiction, attestations } = options;
  const written = await client.registerIssuer({
    iss,
    name,
    statusBase,
    jurisdiction,
    attestations,
    controller: options.controller ?? null,
    accreditedFrom: options.from,
    accreditedUntil: options.until,
    status: options.pending === true ? 'pending' : 'active',
  });
  printWritten(`Issuer ${written.issuerId} is registered`, written, options);
}

/** `pratique registry issuer status`. */
export async function setIssuerStatus(issuer: string, to: string, options: ReasonOptions): Promise<void> {
  const status = REACHABLE.find((word) => word === to);
  if (status === undefined) throw new UsageError(`An issuer can become ${REACHABLE.join(', ')}.`);
  const client = await connectSender(options);
  const issuerId = await issuerNumber(client, issuer);
  const written = await client.setIssuerStatus(issuerId, status, options.reason);
  printWritten(`Issuer ${issuerId} is ${status}`, written, options);
}

/** `pratique registry key register`. */
export async function registerKey(issuer: string, options: RegisterKeyOptions): Promise<void> {
  const signature = decodeBase64url(options.signature);
  const client = await connectSender(options);
  const issuerId = await issuerNumber(client, issuer);
  const { x, y, from, until, revocation } = options;
  const written = await client.registerKey({
    issuerId,
    x,
    y,
    validFrom: from,
    validUntil: until,
    revocation,
    signature,
  });
  printWritten(`Key ${written.kid} is registered for issuer ${issuerId}`, written, options);
}

/** `pratique registry key retire` and `compromise`. */
export async function endKey(
  how: 'retireKey' | 'compromiseKey',
  issuer: string,
  kid: string,
  options: WriteOptions,
): Promise<void> {
  const client = await connectSender(options);
  const written = await client[how](await issuerNumber(client, issuer), kid);
  const sentence = how === 'retireKey' ? 'is retired' : 'is reported stolen; none of its cards is good';
  printWritten(`Key ${kid} ${sentence}`, written, options);
}
