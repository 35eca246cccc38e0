import type { Command } from 'commander';
import type { InitOptions } from '../init.ts';
import type { IssuerOptions } from '../session.ts';
import type { JoinOptions } from '../join.ts';
import { DATABASE_OPTION, example, onIssuer } from './options.ts';

/** `pratique issuer init`. */
export function initCommand(): Command {
  return onIssuer('init', 'Make a new issuer: a folder with its sealed keys and its status lists.')
    .requiredOption('--iss <url>', 'the issuer’s https URL, without a trailing slash')
    .requiredOption('--name <name>', 'the name venues read')
    .option('--status-base <url>', 'https URL under which status lists are read (default: iss)')
    .option(...DATABASE_OPTION)
    .addHelpText(
      'after',
      example('init --dir clinic --iss https://clinic.example.org/shc --name "Harbor Clinic"'),
    )
    .action(async (options: InitOptions) => (await import('../init.ts')).runInit(options));
}

/** `pratique issuer join`. */
export function joinCommand(): Command {
  return onIssuer('join', 'Make the folder of one more agent on the database of an issuer.')
    .requiredOption(...DATABASE_OPTION)
    .addHelpText('after', example('join --dir second --database postgresql://issuer@db.example.org/issuer'))
    .action(async (options: JoinOptions) => (await import('../join.ts')).runJoin(options));
}

/** `pratique issuer show`. */
export function showCommand(): Command {
  return onIssuer('show', 'Show the issuer, its keys and what the chain holds of its lists.')
    .addHelpText('after', example('show --dir clinic --json'))
    .action(async (options: IssuerOptions) => (await import('../show.ts')).runShow(options));
}
