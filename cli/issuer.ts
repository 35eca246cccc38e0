import { Command } from 'commander';
import { auditCommand } from './issuer/commands/audit.ts';
import { anchorCommand } from './issuer/commands/anchor.ts';
import { backupCommand, restoreCommand } from './issuer/commands/backup.ts';
import {
  bulkCommand,
  issueCommand,
  policyCommand,
  revokeCommand,
  sampleCommand,
} from './issuer/commands/cards.ts';
import { initCommand, joinCommand, showCommand } from './issuer/commands/folder.ts';
import { printCommand } from './issuer/commands/print.ts';
import { keyCommand } from './issuer/commands/key.ts';
import { recordsCommand } from './issuer/commands/records.ts';
import { clientCommand, serveCommand } from './issuer/commands/service.ts';
import { rotateCommand } from './issuer/commands/rotate.ts';

/** `pratique issuer`: an issuer's keys, cards, revocations and anchors, from the terminal. */
export function issuerCommand(): Command {
  return new Command('issuer')
    .enablePositionalOptions()
    .description('Issue and revoke health passes; keep keys; anchor revocation on the chain.')
    .addCommand(initCommand())
    .addCommand(joinCommand())
    .addCommand(keyCommand())
    .addCommand(rotateCommand())
    .addCommand(policyCommand())
    .addCommand(issueCommand())
    .addCommand(bulkCommand())
    .addCommand(printCommand())
    .addCommand(revokeCommand())
    .addCommand(anchorCommand())
    .addCommand(auditCommand())
    .addCommand(recordsCommand())
    .addCommand(serveCommand())
    .addCommand(clientCommand())
    .addCommand(showCommand())
    .addCommand(backupCommand())
    .addCommand(restoreCommand())
    .addCommand(sampleCommand());
}
