import { openIssuer } from '../../agent/issuer-folder.ts';
import type { Issuer } from '../../agent/issuer.ts';
import { readPassphrase } from './passphrase.ts';

/** Options of every subcommand on an issuer. */
export interface IssuerOptions {
  readonly dir: string;
  readonly passphraseFile?: string;
  readonly json?: boolean;
}

/** Opens the issuer, runs, and gives the folder up whatever happens. */
export async function withIssuer<T>(options: IssuerOptions, run: (issuer: Issuer) => Promise<T>): Promise<T> {
  const { dir, passphraseFile } = options;
  const passphrase = await readPassphrase({ file: passphraseFile, question: 'Passphrase of the issuer' });
  const issuer = await openIssuer({ dir, passphrase });
  try {
    return await run(issuer);
  } finally {
    await issuer.close();
  }
}

/** Prints the outcome of a command: one JSON object, or lines for people. */
export function report(options: { readonly json?: boolean }, json: object, lines: readonly string[]): void {
  process.stdout.write(options.json === true ? `${JSON.stringify(json)}\n` : `${lines.join('\n')}\n`);
}
