import { joinStore } from '../../agent/store-making.ts';
import { readPassphrase } from './passphrase.ts';
import { report, type IssuerOptions } from './session.ts';

export interface JoinOptions extends IssuerOptions {
  readonly database: string;
}

/** `pratique issuer join`. */
export async function runJoin(options: JoinOptions): Promise<void> {
  const { dir, database, passphraseFile } = options;
  const passphrase = await readPassphrase({ file: passphraseFile, question: 'Passphrase of the issuer' });
  await joinStore(dir, passphrase, database);
  report(options, { dir }, [
    'One more agent of the issuer',
    `  folder   ${dir}: of this agent alone, which writes down in it what it has seen of the audit log`,
    '  next     `pratique issuer show`, or any other command with this --dir',
  ]);
}
