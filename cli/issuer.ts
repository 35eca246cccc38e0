import { Command, InvalidArgumentError, Option } from 'commander';
import { isCalendarDate } from '../credential/date-time.ts';
import { REVOCATION_REASONS } from '../agent/card-record.ts';
import { PRODUCTS } from '../agent/products.ts';
import type { AnchorOptions } from './issuer/anchor-command.ts';
import type { EndKeyOptions, KeyEnding } from './issuer/end-key.ts';
import type { BulkOptions } from './issuer/bulk.ts';
import type { InitOptions } from './issuer/init.ts';
import type { IssueOptions } from './issuer/issue.ts';
import type { KeyOptions } from './issuer/key.ts';
import type { PolicyOptions } from './issuer/policy.ts';
import type { RevokeOptions } from './issuer/revoke.ts';
import type { SampleOptions } from './issuer/sample.ts';
import type { IssuerOptions } from './issuer/session.ts';

const DEFAULT_DIR = '.pratique/issuer';

/** `pratique issuer`: an issuer's keys, cards, revocations and anchors, from the terminal. */
export function issuerCommand(): Command {
  return new Command('issuer')
    .enablePositionalOptions()
    .description('Issue and revoke health passes; keep keys; anchor revocation on the chain.')
    .addCommand(initCommand())
    .addCommand(keyCommand())
    .addCommand(policyCommand())
    .addCommand(issueCommand())
    .addCommand(bulkCommand())
    .addCommand(revokeCommand())
    .addCommand(anchorCommand())
    .addCommand(showCommand())
    .addCommand(sampleCommand());
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
    .enablePositionalOptions()
    .option('--kid <kid>', 'register a key made before, instead of a new one')
    .option('--days <n>', 'how long the key may sign', wholeNumber, 366)
    .option('--instruction <file>', 'sign only, into this file, for anybody to send with `registry relay`')
    .addHelpText(
      'after',
      example('key --dir clinic --rpc http://127.0.0.1:8545 --registry 0x5FbD… --issuer-id 1 --account 2'),
    )
    .action(async (options: KeyOptions) => (await import('./issuer/key.ts')).runKey(options))
    .addCommand(
      endKeyCommand('retire', 'Retire a key: it signs no more, and its cards stay good.', 'retired'),
    )
    .addCommand(
      endKeyCommand(
        'compromise',
        'Report a key stolen: every card of it dies, for good. The chain first, then the key set.',
        'compromised',
      ),
    )
    .addCommand(destroyKeyCommand());
}

/** One kid in 64 does. */
const HYPHEN = 'A kid that begins with a hyphen stands behind --, which may be there in any case.';

function endKeyCommand(name: string, description: string, ending: KeyEnding): Command {
  return onChain(onIssuer(name, description))
    .argument('<kid>', 'the key')
    .option('--out <dir>', 'folder for a web server, in which the key set is written anew', 'public')
    .addHelpText(
      'after',
      `${example(`key ${name} --dir clinic -- 3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s`)}\n${HYPHEN}`,
    )
    .action(async (kid: string, options: EndKeyOptions) =>
      (await import('./issuer/end-key.ts')).runEndKey(kid, ending, options),
    );
}

function destroyKeyCommand(): Command {
  return onIssuer('destroy', 'Throw away the private part of a key that has ended.')
    .argument('<kid>', 'the key')
    .addHelpText(
      'after',
      `${example('key destroy --dir clinic -- 3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s')}\n${HYPHEN}`,
    )
    .action(async (kid: string, options: IssuerOptions) =>
      (await import('./issuer/end-key.ts')).runDestroyKey(kid, options),
    );
}

function policyCommand(): Command {
  return onIssuer(
    'policy',
    'Say, or show, what products are issued by: a value set, and the zone of its days.',
  )
    .option('--value-set <file>', 'value set with the vaccines, tests and windows of the jurisdiction')
    .option('--time-zone <name>', 'IANA name of the zone, such as America/New_York')
    .addHelpText(
      'after',
      `${example('policy --dir clinic --value-set values.json --time-zone America/New_York')}
Without options it shows what holds. \`pratique rules list\` names the value sets that come with the program.`,
    )
    .action(async (options: PolicyOptions) => (await import('./issuer/policy.ts')).runPolicy(options));
}

function issueCommand(): Command {
  return onIssuer('issue', 'Issue a pass from a FHIR bundle: QR code and VC, of a Plus a health card.')
    .argument(
      '<bundle>',
      'a FHIR R4 bundle as JSON: one Patient with completed Immunizations or final lab results',
    )
    .addOption(
      new Option(
        '--product <product>',
        'hold the record to what this product asks, and end it when it does (default: a copy of the record)',
      ).choices(Object.keys(PRODUCTS)),
    )
    .option('--holder <did>', 'bind a Pass to the DID of its holder')
    .option('--out <dir>', 'folder for the files', 'cards')
    .option('--kid <kid>', 'sign with this key (default: the newest that may sign)')
    .addHelpText(
      'after',
      `${example('issue --dir clinic --out cards record.json')}\n  pratique issuer issue --dir clinic --product vaccination-pass record.json`,
    )
    .action(async (bundle: string, options: IssueOptions) =>
      (await import('./issuer/issue.ts')).runIssue(bundle, options),
    );
}

function bulkCommand(): Command {
  return onIssuer('bulk', 'Issue a product to everybody in a file, on all cores; interrupted, it goes on.')
    .argument('<people>', 'FHIR R4 bundles of one person each, one a line (NDJSON)')
    .addOption(
      new Option('--product <product>', 'what to issue').choices(Object.keys(PRODUCTS)).makeOptionMandatory(),
    )
    .option(
      '--out <dir>',
      'folder for the cards, in files of 100,000 lines: line of the input, id, JWS',
      'cards',
    )
    .option('--batch <name>', 'name of the bulk, by which it goes on and is revoked (default: the file’s)')
    .option('--kid <kid>', 'sign with this key (default: the newest that may sign)')
    .option('--threads <n>', 'threads that sign (default: one a core)', wholeNumber)
    .addHelpText(
      'after',
      `${example('bulk --dir clinic --product vaccination-pass --out cards people.ndjson')}
The status list on the chain needs room for a card a line first: \`pratique issuer anchor --room 5600000\`.`,
    )
    .action(async (people: string, options: BulkOptions) =>
      (await import('./issuer/bulk.ts')).runBulkCommand(people, options),
    );
}

function revokeCommand(): Command {
  return onIssuer('revoke', 'Revoke cards for good; venues learn of it from the next anchor.')
    .argument('[id]', 'the card’s id, or its rid')
    .option('--person <name>', 'all cards of the person of that name, with --born')
    .option('--born <date>', 'their date of birth', civilDate)
    .option('--lot <lot>', 'all cards of records that name this vaccine lot')
    .option('--batch <batch>', 'all cards of a bulk')
    .addOption(new Option('--reason <reason>', 'why').choices(REVOCATION_REASONS).default('unspecified'))
    .addHelpText(
      'after',
      `${example('revoke --dir clinic AAHrVQ && pratique issuer anchor --dir clinic')}\n  pratique issuer revoke --dir clinic --lot EL1004 --reason lot-recalled`,
    )
    .action(async (id: string | undefined, options: RevokeOptions) =>
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
    .option('--room <n>', 'make room for so many cards more, ahead of a bulk', roomForCards)
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

function sampleCommand(): Command {
  return new Command('sample')
    .description('Make up records of people to try things out with: one FHIR bundle a line (NDJSON).')
    .requiredOption('--people <n>', 'how many', wholeNumber)
    .option('--seed <n>', 'the same people for the same seed and day', wholeNumber, 1)
    .option('--today <date>', 'the day that the records are as of (default: today)', civilDate)
    .option('--out <file>', 'write to this file (default: standard output)')
    .addHelpText('after', example('sample --people 1000 --seed 7 --out people.ndjson'))
    .action(async (options: SampleOptions) => (await import('./issuer/sample.ts')).runSample(options));
}

function civilDate(text: string): string {
  if (!isCalendarDate(text)) throw new InvalidArgumentError('It must be a date such as 2026-11-26.');
  return text;
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

/** A verifier reads no list of more than 2^27 bits. */
const MAX_ROOM = 100_000_000;

function roomForCards(text: string): number {
  const cards = wholeNumber(text);
  if (cards > MAX_ROOM)
    throw new InvalidArgumentError(`A list holds ${MAX_ROOM} cards at most: begin another key.`);
  return cards;
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above zero.');
  return Number(text);
}

function example(command: string): string {
  return `\nExample:\n  pratique issuer ${command}`;
}
