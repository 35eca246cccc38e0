import { statusListUrl } from '../credential/verifiable-credential.ts';
import type { IssuerIdentity } from './issuer-identity.ts';
import type { StatusLedger } from './status-ledger.ts';

/** What an issuer's own ledger says of a place in one of its lists, as a VC names it; unknown of any other list. */
export function statusOf(
  identity: IssuerIdentity,
  ledger: StatusLedger,
  entry: Readonly<Record<string, unknown>>,
): 'good' | 'revoked' | 'unknown' {
  const { statusListCredential: list, statusListIndex } = entry;
  const kid = ledger.kids().find((each) => list === statusListUrl({ ...identity, kid: each }));
  if (kid === undefined || typeof statusListIndex !== 'string' || !/^\d{1,10}$/.test(statusListIndex)) {
    return 'unknown';
  }
  return ledger.isRevoked(kid, Number(statusListIndex)) ? 'revoked' : 'good';
}
