import type { Command } from 'commander';
import type { IssuerOptions } from '../session.ts';
import type { RestoreOptions } from '../restore.ts';
import { DATABASE_OPTION, example, onIssuer } from './options.ts';

/** `pratique issuer backup`. */
export function backupCommand(): Command {
  return onIssuer('backup', 'Write the whole folder into one sealed file, and read it back.')
    .argument('<out>', 'the file to make; the passphrase of the issuer opens it')
    .addHelpText('after', example('backup --dir clinic clinic-2026-11-26.backup'))
    .action(async (out: string, options: IssuerOptions) =>
      (await import('../backup.ts')).runBackup(out, options),
    );
}

/** `pratique issuer restore`. */
export function restoreCommand(): Command {
  return onIssuer('restore', 'Make the folder again from a backup; nothing is issued before `issuer anchor`.')
    .argument('<backup>', 'a file that `issuer backup` wrote')
    .option(...DATABASE_OPTION)
    .addHelpText('after', example('restore --dir clinic clinic-2026-11-26.backup'))
    .action(async (backup: string, options: RestoreOptions) =>
      (await import('../restore.ts')).runRestore(backup, options),
    );
}
