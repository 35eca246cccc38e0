import { moment } from '../../contracts/moment.ts';
import type { Written } from '../../contracts/registry-calls.ts';
import type { Proposal } from '../../contracts/registry-views.ts';
import { printableJson } from '../display.ts';

interface Printing {
  readonly json?: boolean;
}

/** Print what was written: a sentence with its block and gas, or all of it as one JSON object. */
export function printWritten(sentence: string, written: Written, options: Printing): void {
  print(
    { ...written, gas: Number(written.gas) },
    [`${sentence}: ${cost(written)}, transaction ${written.txHash}`],
    options,
  );
}

/** Where a transaction is and what it took. */
export function cost({ block, gas }: Written): string {
  return `block ${block}, ${gas.toLocaleString('en-US')} gas`;
}

/** Transactions for programs. */
export function plainly(transactions: readonly Written[]): object[] {
  return transactions.map((written) => ({ ...written, gas: Number(written.gas) }));
}

/** Print lines for people, or one JSON object for programs. */
export function print(value: object, lines: readonly string[], options: Printing): void {
  const text = options.json === true ? printableJson(value, 0) : lines.join('\n');
  process.stdout.write(`${text}\n`);
}

/** `from … until …` in words; `until` 0 is no end. */
export function window(from: number, until: number): string {
  const begins = from === 0 ? 'from the beginning' : `from ${moment(from)}`;
  return until === 0 ? begins : `${begins} until ${moment(until)}`;
}

/** Who may take over, from when on; undefined if nobody is proposed. */
export function proposalInWords({ account, notBefore, fromAbove }: Proposal): string | undefined {
  if (account === null) return undefined;
  return `${account} may accept from ${moment(notBefore)} on${fromAbove ? ', over the holder’s head' : ''}`;
}
