import { Command } from 'commander';
import { example, group, onNode } from '../options.ts';

export interface NewAccountOptions {
  readonly keystorePassphraseFile?: string;
  readonly json?: boolean;
}

export interface ListAccountsOptions {
  readonly rpc: string;
  readonly chainId?: number;
  readonly json?: boolean;
}

export function accountCommand(): Command {
  const create = new Command('new')
    .description('Make an account in an encrypted JSON keystore and print its address, nothing else of it.')
    .argument('<file>', 'where to write the keystore; a file that is there stays as it is')
    .option('--keystore-passphrase-file <file>', 'passphrase of the keystore, instead of asking for it')
    .option('--json', 'print one JSON object')
    .addHelpText('after', example('account new governor.json'))
    .action(async (file: string, options: NewAccountOptions) =>
      (await import('../account.ts')).newAccount(file, options),
    );
  const list = onNode(new Command('list').description('List the accounts that the node itself holds.'))
    .addHelpText('after', example('account list --rpc http://127.0.0.1:8545'))
    .action(async (options: ListAccountsOptions) => (await import('../account.ts')).listAccounts(options));
  return group('account', 'Make an account to act from, or see those of a node.', [create, list]);
}
