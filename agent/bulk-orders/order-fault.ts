import { IssuerError, type IssuerCode } from '../issuer-error.ts';

/** These do not pass: an order that meets one is over. */
const FINAL: ReadonlySet<IssuerCode | 'INTERNAL'> = new Set([
  'INTERNAL',
  'ORDER_CHANGED',
  'ORDER_DISOWNED',
  'BULK_CHANGED',
  'BULK_RESTORED',
  'BATCH_INVALID',
]);

/** True of what ends an order; all else is tried again. */
export function isFinal(code: IssuerCode | 'INTERNAL'): boolean {
  return FINAL.has(code);
}

/** What ends an order that was filed or approved with a key that has been disabled since. */
export function orderDisowned(): IssuerError {
  return new IssuerError('ORDER_DISOWNED', 'Who filed or approved this order may do nothing any more.');
}

/** What stopped an order, as its operator is told. */
export function faultOf(error: unknown): IssuerCode | 'INTERNAL' {
  if (error instanceof IssuerError) return error.code;
  return isDiskFault(error) ? 'STORE_UNAVAILABLE' : 'INTERNAL';
}

/** True of what a file system answers. */
export function isDiskFault(error: unknown): boolean {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}
