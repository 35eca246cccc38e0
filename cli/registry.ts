import { Command } from 'commander';
import { accountCommand } from './registry/commands/account.ts';
import { anchorCommand } from './registry/commands/anchor.ts';
import { deployCommand } from './registry/commands/deploy.ts';
import { governorCommand, guardianCommand, successorCommand } from './registry/commands/governance.ts';
import { issuerCommand } from './registry/commands/issuer.ts';
import { jurisdictionCommand } from './registry/commands/jurisdiction.ts';
import { keyCommand, listKeysCommand } from './registry/commands/key.ts';
import { headCommand, logCommand, trustedCommand } from './registry/commands/log.ts';
import { relayCommand } from './registry/commands/relay.ts';
import { rulesCommand } from './registry/commands/rules.ts';
import { venueCommand } from './registry/commands/venue.ts';

/** `pratique registry`: what each role does with the registry, from the terminal. */
export function registryCommand(): Command {
  return new Command('registry')
    .description('Deploy the registry of issuers, govern it, accredit issuers, register keys, read its log.')
    .addCommand(deployCommand())
    .addCommand(accountCommand())
    .addCommand(governorCommand())
    .addCommand(guardianCommand())
    .addCommand(jurisdictionCommand())
    .addCommand(issuerCommand())
    .addCommand(keyCommand())
    .addCommand(listKeysCommand())
    .addCommand(anchorCommand())
    .addCommand(venueCommand())
    .addCommand(rulesCommand())
    .addCommand(relayCommand())
    .addCommand(successorCommand())
    .addCommand(trustedCommand())
    .addCommand(logCommand())
    .addCommand(headCommand());
}
