import { Command, InvalidArgumentError } from 'commander';
import type { AnchorOptions } from './issuer/anchor-command.ts';
import type { InitOptions } from './issuer/init.ts';
import type { IssueOptions } from './issuer/issue.ts';
import type { KeyOptions } from './issuer/key.ts';
import type { IssuerOptions } from './issuer/session.ts';

const DEFAULT_DIR = '.pratique/issuer';

/** `pratique issuer`: an issuer's keys, cards, revocations and anchors, from the terminal. */
export function issuerCommand(): Command {
  return new Command('issuer')
    .description('Issue and revoke health passes; keep keys; anchor revocation on the chain.')
    .addCommand(initCommand())
    .addCommand(keyCommand())
    .addCommand(issueCommand())
    .addCommand(revokeCommand())
    .addCommand(anchorCommand())
    .addCommand(showCommand());
}

function initCommand(): Command {
  return onIssuer('init', 'Make a new issuer: a folder with its sealed keys and its status lists.')
    .requiredOption('--iss <url>', 'the issuer’s https URL, without a trailing slash')
    .requiredOption('--name <name>', 'the name venues read')
    .option('--status-base <url>', 'https URL under which status lists are read (default: iss)')
    .addHelpText(
      'after',
      example('init --dir clinic --iss https://clinic.example.org/shc --name "Harbor Clinic"'),
    )
    .action(async (options: InitOptions) => (await import('./issuer/init.ts')).runInit(options));
}

function keyCommand(): Command {
  return onChain(onIssuer('key', 'Make a signing key, prove its possession and register it on the chain.'))
    .option('--kid <kid>', 'register a key made before, instead of a new one')
    .option('--days <n>', 'how long the key may sign', wholeNumber, 366)
    .option('--instruction <file>', 'sign only, into this file, for anybody to send with `registry relay`')
    .addHelpText(
      'after',
      example('key --dir clinic --rpc http://127.0.0.1:8545 --registry 0x5FbD… --issuer-id 1 --account 2'),
    )
    .action(async (options: KeyOptions) => (await import('./issuer/key.ts')).runKey(options));
}

function issueCommand(): Command {
  return onIssuer('issue', 'Issue a Pass Plus from a FHIR bundle: health card, QR code and VC.')
    .argument(
      '<bundle>',
      'a FHIR R4 bundle as JSON: one Patient with completed Immunizations or final lab results',
    )
    .option('--out <dir>', 'folder for the files', 'cards')
    .option('--kid <kid>', 'sign with this key (default: the newest that may sign)')
    .addHelpText('after', example('issue --dir clinic --out cards record.json'))
    .action(async (bundle: string, options: IssueOptions) =>
      (await import('./issuer/issue.ts')).runIssue(bundle, options),
    );
}

function revokeCommand(): Command {
  return onIssuer('revoke', 'Revoke a card for good; venues learn of it from the next anchor.')
    .argument('<id>', 'the card’s id, or its rid')
    .addHelpText('after', example('revoke --dir clinic AAHrVQ && pratique issuer anchor --dir clinic'))
    .action(async (id: string, options: IssuerOptions) =>
      (await import('./issuer/revoke.ts')).runRevoke(id, options),
    );
}

function anchorCommand(): Command {
  return onChain(
    onIssuer('anchor', 'Anchor the status lists on the chain, then write the files venues read.'),
  )
    .option(
      '--out <dir>',
      'folder for a web server: the lists in every form, under status/ and .well-known/crl/',
      'public',
    )
    .option('--if-changed', 'leave lists alone that the chain holds as they are')
    .option('--instructions <dir>', 'sign only, into this folder, for anybody to send with `registry relay`')
    .addHelpText('after', example('anchor --dir clinic --out public'))
    .action(async (options: AnchorOptions) =>
      (await import('./issuer/anchor-command.ts')).runAnchor(options),
    );
}

function showCommand(): Command {
  return onIssuer('show', 'Show the issuer, its keys and what the chain holds of its lists.')
    .addHelpText('after', example('show --dir clinic --json'))
    .action(async (options: IssuerOptions) => (await import('./issuer/show.ts')).runShow(options));
}

function onIssuer(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--dir <dir>', 'the issuer’s folder', DEFAULT_DIR)
    .option('--passphrase-file <file>', 'read the passphrase from a file instead of asking for it')
    .option('--json', 'print one JSON object');
}

/** What is said once is remembered with the issuer, but for the account. */
function onChain(command: Command): Command {
  return command
    .option('--rpc <url>', 'JSON-RPC URL of a node of the chain')
    .option('--registry <address>', 'address of the issuer registry')
    .option(
      '--issuer-id <n>',
      'number of the issuer in the registry (default: found by its iss)',
      wholeNumber,
    )
    .option('--account <account>', 'account the node holds, by number or address', '0')
    .option('--keystore <file>', 'encrypted JSON keystore of the account, instead of one the node holds')
    .option('--keystore-passphrase-file <file>', 'passphrase of the keystore');
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above zero.');
  return Number(text);
}

function example(command: string): string {
  return `\nExample:\n  pratique issuer ${command}`;
}
