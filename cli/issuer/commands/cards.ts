import { Command, Option } from 'commander';
import { REVOCATION_REASONS } from '../../../agent/card-record.ts';
import { PRODUCTS } from '../../../agent/products.ts';
import type { BulkOptions } from '../bulk.ts';
import type { IssueOptions } from '../issue.ts';
import type { PolicyOptions } from '../policy.ts';
import type { RevokeOptions } from '../revoke.ts';
import type { SampleOptions } from '../sample.ts';
import { civilDate, example, onChain, onIssuer, threadCount, wholeNumber } from './options.ts';

/** `pratique issuer policy`. */
export function policyCommand(): Command {
  return onIssuer(
    'policy',
    'Say, or show, what products are issued by: a value set, and the zone of its days.',
  )
    .option('--value-set <file>', 'value set with the vaccines, tests and windows of the jurisdiction')
    .option('--time-zone <name>', 'IANA name of the zone, such as America/New_York')
    .option('--limits <file>', 'what can be true of somebody, as JSON: the `limits` that --json shows')
    .addHelpText(
      'after',
      `${example('policy --dir clinic --value-set values.json --time-zone America/New_York')}
Without options it shows what holds. \`pratique rules list\` names the value sets that come with the program.`,
    )
    .action(async (options: PolicyOptions) => (await import('../policy.ts')).runPolicy(options));
}

/** `pratique issuer issue`. */
export function issueCommand(): Command {
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
    .option('--replaces <id>', 'revoke this card of the same person, by id or rid, with the issuance')
    .addHelpText(
      'after',
      `${example('issue --dir clinic --out cards record.json')}\n  pratique issuer issue --dir clinic --product vaccination-pass record.json`,
    )
    .action(async (bundle: string, options: IssueOptions) =>
      (await import('../issue.ts')).runIssue(bundle, options),
    );
}

/** `pratique issuer bulk`. */
export function bulkCommand(): Command {
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
    .option('--threads <n>', 'threads that sign (default: one a core)', threadCount)
    .addHelpText(
      'after',
      `${example('bulk --dir clinic --product vaccination-pass --out cards people.ndjson')}
The status list on the chain needs room for a card a line first: \`pratique issuer anchor --room 5600000\`. Agents on one
database share a bulk: run the same command on each of them.`,
    )
    .action(async (people: string, options: BulkOptions) =>
      (await import('../bulk.ts')).runBulkCommand(people, options),
    );
}

/** `pratique issuer revoke`. */
export function revokeCommand(): Command {
  return onChain(onIssuer('revoke', 'Revoke cards for good; venues learn of it from the next anchor.'))
    .argument('[id]', 'the card’s id, or its rid')
    .option('--person <name>', 'all cards of the person of that name, with --born')
    .option('--born <date>', 'their date of birth', civilDate)
    .option('--lot <lot>', 'all cards of records that name this vaccine lot')
    .option('--batch <batch>', 'all cards of a bulk')
    .option('--superseded-by <batch>', 'of those only whose person has a card in this later bulk')
    .addOption(
      new Option('--product <product>', 'with --superseded-by: refuse bulks of another product').choices(
        Object.keys(PRODUCTS),
      ),
    )
    .addOption(new Option('--reason <reason>', 'why').choices(REVOCATION_REASONS).default('unspecified'))
    .option('--now', 'anchor and publish at once')
    .option('--out <dir>', 'folder for a web server, for --now', 'public')
    .addHelpText(
      'after',
      `${example('revoke --dir clinic AAHrVQ && pratique issuer anchor --dir clinic')}
  pratique issuer revoke --dir clinic --lot EL1004 --reason lot-recalled --now
  pratique issuer revoke --dir clinic --batch spring --superseded-by autumn

The chain and its options are for --now. If the anchor does not get through, the cards are revoked all the same, the exit
status is 69, and the next anchor brings it to the chain.`,
    )
    .action(async (id: string | undefined, options: RevokeOptions) =>
      (await import('../revoke.ts')).runRevoke(id, options),
    );
}

/** `pratique issuer sample`. */
export function sampleCommand(): Command {
  return new Command('sample')
    .description('Make up records of people to try things out with: one FHIR bundle a line (NDJSON).')
    .requiredOption('--people <n>', 'how many', wholeNumber)
    .option('--seed <n>', 'the same people for the same seed and day', wholeNumber, 1)
    .option('--today <date>', 'the day that the records are as of (default: today)', civilDate)
    .option('--out <file>', 'write to this file (default: standard output)')
    .addHelpText('after', example('sample --people 1000 --seed 7 --out people.ndjson'))
    .action(async (options: SampleOptions) => (await import('../sample.ts')).runSample(options));
}
