import { IssuerError } from '../issuer-error.ts';

/** The store is not what its audit log says: IssuerError AUDIT_BROKEN, with what to do. */
export function auditBroken(what: string): IssuerError {
  return new IssuerError(
    'AUDIT_BROKEN',
    `The issuer's store does not match its audit log, and nothing is issued from it: ${what}. Look closer with \`pratique issuer audit verify\`, then restore a backup with \`pratique issuer restore\`.`,
  );
}
