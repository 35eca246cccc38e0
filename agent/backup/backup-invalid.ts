import { IssuerError } from '../issuer-error.ts';

/** What is not, to the last bit, a backup that this product made. */
export function backupInvalid(cause?: unknown): IssuerError {
  return new IssuerError(
    'BACKUP_INVALID',
    'The file is no backup of an issuer, or it is not as it was written: take another one.',
    cause === undefined ? undefined : { cause },
  );
}
