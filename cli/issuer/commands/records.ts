import { Command, Option } from 'commander';
import type { LoadOptions } from '../records.ts';
import type { IssuerOptions } from '../session.ts';
import { example, onIssuer } from './options.ts';

/** `pratique issuer records`: records of a registry that come as files. */
export function recordsCommand(): Command {
  return new Command('records')
    .description('Load the records of registries that come as files, for residents to retrieve.')
    .addCommand(
      onIssuer('load', 'Load a file of records; loaded again, it changes what is another now.')
        .argument(
          '<file>',
          'NDJSON, a FHIR bundle of one Patient a line; or CSV, a row for each dose or test',
        )
        .requiredOption('--source <name>', 'the registry, as residents are shown it')
        .addOption(
          new Option('--format <format>', 'of the file (default: by its name)').choices(['ndjson', 'csv']),
        )
        .option(
          '--refused <file>',
          'where to write which lines were refused, and why (default: beside the file)',
        )
        .addHelpText(
          'after',
          `${example('records load --dir clinic --source "New York" immunizations.csv')}

The columns of CSV:
  identifier,family,given,middle,otherFamily,otherGiven,birthDate,postalCode,phone,email,
  event,code,date,lot,performer,result
The rest is loaded if some are refused; the exit status is 65 then.`,
        )
        .action(async (file: string, options: LoadOptions) =>
          (await import('../records.ts')).runLoadRecords(file, options),
        ),
    )
    .addCommand(
      onIssuer('list', 'List the registries that are loaded, and how many persons of each.')
        .addHelpText('after', example('records list --dir clinic'))
        .action(async (options: IssuerOptions) => (await import('../records.ts')).runListRecords(options)),
    )
    .addCommand(
      onIssuer('drop', 'Remove all records of a registry for good; cards issued from them stay.')
        .argument('<name>', 'of the registry, as `records list` shows it')
        .addHelpText('after', example('records drop --dir clinic "New York"'))
        .action(async (name: string, options: IssuerOptions) =>
          (await import('../records.ts')).runDropRecords(name, options),
        ),
    );
}
