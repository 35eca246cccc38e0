import { initIssuer } from '../../agent/issuer-folder.ts';
import { cleanText } from '../display.ts';
import { readPassphrase } from './passphrase.ts';
import { report, type IssuerOptions } from './session.ts';

export interface InitOptions extends IssuerOptions {
  readonly iss: string;
  readonly name: string;
  readonly statusBase?: string;
  readonly database?: string;
}

export async function runInit(options: InitOptions): Promise<void> {
  const { dir, iss, name, statusBase, database, passphraseFile } = options;
  const passphrase = await readPassphrase({
    file: passphraseFile,
    question: 'New passphrase for the issuer’s keys',
    confirm: true,
  });
  const issuer = await initIssuer({
    dir,
    passphrase,
    iss,
    name,
    ...(statusBase === undefined ? {} : { statusBase }),
    ...(database === undefined ? {} : { database }),
  });
  const { identity } = issuer;
  await issuer.close();
  report(options, { dir, ...identity }, [
    `Issuer ${cleanText(identity.name)}, ${identity.did}`,
    `  folder   ${dir}: keep it and its passphrase; without either nothing can be issued or revoked`,
    ...(database === undefined
      ? []
      : ['  records  in the database; `pratique issuer join` makes the folder of another agent on it']),
    '  next     have an accreditor register the issuer, then `pratique issuer key`',
  ]);
}
