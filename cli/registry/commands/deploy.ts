import { Command } from 'commander';
import { address, duration } from '../arguments.ts';
import { example, onNode, type SenderOptions, sending } from '../options.ts';

export interface DeployOptions extends SenderOptions {
  readonly rpc: string;
  readonly chainId?: number;
  readonly governor?: string;
  readonly adminDelay: number;
  readonly json?: boolean;
}

export function deployCommand(): Command {
  return sending(onNode(new Command('deploy').description('Deploy a new registry; the sender governs it.')))
    .option('--governor <address>', 'govern by this account instead', address)
    .option(
      '--admin-delay <duration>',
      'wait before what is done over somebody’s head takes effect; it can only become longer',
      duration,
      86_400,
    )
    .addHelpText('after', example('deploy --rpc http://127.0.0.1:8545 --account 0 --admin-delay 2d'))
    .action(async (options: DeployOptions) => (await import('../deploy.ts')).runDeploy(options));
}
