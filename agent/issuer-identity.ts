import { didWebFromIss } from '../credential/did-web.ts';
import { IssuerError } from './issuer-error.ts';

/** Who an issuer says it is. */
export interface IssuerIdentity {
  readonly iss: string;
  readonly did: string;
  readonly name: string;
  /** https URL under which its status data is read; its lists are `<statusBase>/status/<kid>`. */
  readonly statusBase: string;
}

/** The registry an issuer is accredited in. */
export interface RegistryBinding {
  readonly chainId: number;
  readonly registry: string;
  readonly issuerId: number;
  readonly rpcUrl?: string;
}

/** The registry's own bound (IIssuerRegistry.sol). */
const MAX_NAME_BYTES = 200;

/**
 * The identity of a new issuer; `statusBase` is `iss` unless said.
 *
 * FormatError for an `iss` or `statusBase` that is none; IssuerError ISSUER_INVALID for the name.
 */
export function newIdentity(said: {
  readonly iss: string;
  readonly name: string;
  readonly statusBase?: string;
}): IssuerIdentity {
  const { iss, name, statusBase = iss } = said;
  const did = didWebFromIss(iss);
  // The same form of URL: https, no trailing slash, no query.
  didWebFromIss(statusBase);
  if (name === '' || Buffer.byteLength(name) > MAX_NAME_BYTES) {
    throw new IssuerError('ISSUER_INVALID', `The name of an issuer has 1 to ${MAX_NAME_BYTES} bytes.`);
  }
  return { iss, did, name, statusBase };
}
