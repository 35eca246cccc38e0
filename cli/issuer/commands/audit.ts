import { Command } from 'commander';
import type { AuditListOptions, AuditVerifyOptions } from '../audit.ts';
import { example, onIssuer, wholeNumber } from './options.ts';

/** `pratique issuer audit`: what was done, and whether the store is what its log says. */
export function auditCommand(): Command {
  return new Command('audit')
    .description('Read the audit log, and hold the store against it.')
    .addCommand(verifyCommand())
    .addCommand(listCommand());
}

function verifyCommand(): Command {
  return onIssuer(
    'verify',
    'Find any edit, deletion, reorder or truncation of the log, and whatever in the store differs from it.',
  )
    .option('--rpc <url>', 'JSON-RPC URL of a node of the chain (default: as remembered)')
    .option('--registry <address>', 'address of the issuer registry (default: as remembered)')
    .option('--issuer-id <n>', 'number of the issuer in the registry (default: as remembered)', wholeNumber)
    .addHelpText(
      'after',
      `${example('audit verify --dir clinic --rpc http://127.0.0.1:8545')}
Exit 0 if all is sound, 65 if anything is not. It reads folders that nothing is issued from any more.`,
    )
    .action(async (options: AuditVerifyOptions) => (await import('../audit.ts')).runAuditVerify(options));
}

function listCommand(): Command {
  return onIssuer('list', 'Show what was done, oldest first.')
    .option('--last <n>', 'only so many records of the log, the newest', wholeNumber, 50)
    .addHelpText(
      'after',
      `${example('audit list --dir clinic --last 20')}\nNumbers that are missing in between are of records without a deed.`,
    )
    .action(async (options: AuditListOptions) => (await import('../audit.ts')).runAuditList(options));
}
