import { restoreBackup, type Restored } from '../../agent/backup/restore-backup.ts';
import { cleanText } from '../display.ts';
import { withProgress } from '../trust/progress.ts';
import { summaryLines } from './backup-words.ts';
import { readPassphrase } from './passphrase.ts';
import { report, type IssuerOptions } from './session.ts';

export interface RestoreOptions extends IssuerOptions {
  readonly database?: string;
}

/** `pratique issuer restore`. */
export async function runRestore(backup: string, options: RestoreOptions): Promise<void> {
  const { dir, database, passphraseFile } = options;
  const passphrase = await readPassphrase({ file: passphraseFile, question: 'Passphrase of the issuer' });
  const restored = await withProgress('Restoring', async () =>
    restoreBackup(backup, dir, passphrase, database),
  );
  const { identity, ...summary } = restored;
  report(options, { dir, ...identity, ...summary }, [
    `Issuer ${cleanText(identity.name)}, ${identity.did}, restored into ${dir}.`,
    ...summaryLines(restored),
    ...lossLines(restored),
  ]);
}

function lossLines({ bulks }: Restored): readonly string[] {
  return [
    'What came after the backup is not in it:',
    '  - cards issued since stay good, but are not found by person, lot or batch; revoke them by their id',
    '  - revocations since that were anchored come back from the published lists; those that were not are',
    '    lost: revoke these cards again',
    '  - keys made since are lost',
    ...bulks.map(
      (batch) =>
        `  - bulk ${batch} was under way and does not go on: hand in what is left under another name`,
    ),
    'Never use a copy of the old folder again.',
    '  next     `pratique issuer anchor`, with the folder of the published lists as --out or --lists; nothing is',
    '           issued before',
  ];
}
