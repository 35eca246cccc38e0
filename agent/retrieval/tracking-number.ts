import { IssuerError } from '../issuer-error.ts';
import type { RandomBytes } from './one-time-code.ts';

/** Crockford's base 32: no I, L, O or U, which are read as something else or spell words. */
const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 100 random bits. */
const LENGTH = 20;

/** A new number, `XXXX-XXXX-XXXX-XXXX-XXXX-C`: twenty random symbols and a check symbol. */
export function newTrackingNumber(random: RandomBytes): string {
  const symbols = Array.from(random(LENGTH), (byte) => SYMBOLS.charAt(byte % SYMBOLS.length)).join('');
  return (symbols + checkSymbol(symbols)).replaceAll(/.{4}(?=.)/g, '$&-');
}

/**
 * Reads a number as somebody types or spells it. IssuerError CORRECTION_INVALID if a symbol is wrong or two neighbours
 * are exchanged, before anything is looked up.
 */
export function readTrackingNumber(text: string): string {
  const plain = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  const symbols = plain.slice(0, LENGTH);
  const sound =
    plain.length === LENGTH + 1 &&
    [...plain].every((symbol) => SYMBOLS.includes(symbol)) &&
    plain.charAt(LENGTH) === checkSymbol(symbols);
  if (!sound)
    throw new IssuerError('CORRECTION_INVALID', 'This is not a tracking number; look at it once more.');
  return plain.replaceAll(/.{4}(?=.)/g, '$&-');
}

/** Luhn's formula modulo 32, from the right. */
function checkSymbol(symbols: string): string {
  const base = SYMBOLS.length;
  const sum = [...symbols].toReversed().reduce((total, symbol, at) => {
    const value = SYMBOLS.indexOf(symbol) * (at % 2 === 0 ? 2 : 1);
    return total + Math.floor(value / base) + (value % base);
  }, 0);
  return SYMBOLS.charAt((base - (sum % base)) % base);
}
