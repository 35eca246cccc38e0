import type { Command } from 'commander';
import { issuer, time } from '../arguments.ts';
import { example, ofKid, reading, type RegistryOptions } from '../options.ts';

export interface TrustedOptions extends RegistryOptions {
  readonly at?: number;
}

export function logCommand(): Command {
  return reading('log', 'Print the history of the registry and recompute its head.')
    .addHelpText('after', example('log --registry 0x…'))
    .action(async (options: RegistryOptions) => (await import('../log.ts')).runLog(options));
}

export function headCommand(): Command {
  return reading('head', 'Print the head of the log as the chain holds it.')
    .addHelpText('after', example('head --registry 0x… --json'))
    .action(async (options: RegistryOptions) => (await import('../head.ts')).showHead(options));
}

export function trustedCommand(): Command {
  const description = 'Say whether the registry trusts an issuer with a key; exit status 1 if not.';
  return ofKid(reading('trusted', description).argument('<iss>', 'as a card names its issuer', issuer))
    .option('--at <time>', 'for a card issued then (default: now)', time)
    .addHelpText(
      'after',
      example('trusted https://health.example 3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s --registry 0x…'),
    )
    .action(async (iss: string, kid: string, options: TrustedOptions) =>
      (await import('../trusted.ts')).showTrusted(iss, kid, options),
    );
}
