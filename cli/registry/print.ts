import type { Written } from '../../contracts/registry-calls.ts';

/** Print what was written: a sentence with its block and gas, or all of it as one JSON object. */
export function printWritten(sentence: string, written: Written, options: { readonly json?: boolean }): void {
  const { block, gas, txHash } = written;
  print(
    { ...written, gas: Number(gas) },
    [`${sentence}: block ${block}, ${gas.toLocaleString('en-US')} gas, transaction ${txHash}`],
    options,
  );
}

/** Print lines for people, or one JSON object for programs. */
export function print(value: object, lines: readonly string[], options: { readonly json?: boolean }): void {
  const text = options.json === true ? JSON.stringify(value) : lines.join('\n');
  process.stdout.write(`${text}\n`);
}

/** `2026-08-22 14:03:07Z`; Unix seconds. */
export function moment(time: number): string {
  return new Date(time * 1000).toISOString().replace('T', ' ').replace('.000Z', 'Z');
}

/** `from … until …` in words; `until` 0 is no end. */
export function window(from: number, until: number): string {
  const begins = from === 0 ? 'from the beginning' : `from ${moment(from)}`;
  return until === 0 ? begins : `${begins} until ${moment(until)}`;
}
