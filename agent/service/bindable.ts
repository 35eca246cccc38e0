import { FormatError } from '../../credential/errors.ts';
import { holderKey } from '../../credential/holder-did.ts';
import { Problem } from '../../verifier/http/problem.ts';
import { PRODUCTS, type ProductName } from '../products.ts';
import { PROBLEMS } from './problems.ts';

/**
 * Refuses a holder that a card would not be bound to, or that nobody could ever prove to be: whoever asked would take it
 * for bound. Problem HOLDER_NOT_BOUND, HOLDER_INVALID.
 */
export function assertBindable(product: ProductName, holder: string): void {
  if (PRODUCTS[product].profile !== 'pass') throw new Problem(PROBLEMS.HOLDER_NOT_BOUND);
  try {
    holderKey(holder);
  } catch (error) {
    throw error instanceof FormatError ? new Problem(PROBLEMS.HOLDER_INVALID) : error;
  }
}
