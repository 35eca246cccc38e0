import { Command, InvalidArgumentError, Option } from 'commander';
import { timeZone } from '../../../credential/civil-time.ts';
import { LANGUAGES } from '../../../verifier/pipeline/words/language.ts';
import type { Language } from '../../../verifier/pipeline/words/language.ts';
import { readConfig } from '../../config.ts';
import type { PrintOptions } from '../print.ts';
import { example } from './options.ts';

/** `pratique issuer print`. */
export function printCommand(): Command {
  return new Command('print')
    .description(
      'Print cards as PDF, one a page: each is verified first as at a venue, and refused if not accepted.',
    )
    .argument('<cards...>', 'files of `issue` or `bulk`, card files, or pictures of codes')
    .requiredOption('--out <file>', 'the PDF; of more than 1,000 cards, the first of several')
    .addOption(
      new Option('--paper <size>', 'a card is for a wallet').choices(['a4', 'letter', 'card']).default('a4'),
    )
    .option('--languages <tags>', 'two of en, zh-Hant and es, the first on top', paperLanguages, ['en', 'es'])
    .option('--zone <name>', 'time zone that times are told in', zoneName, 'UTC')
    .option('--store <dir>', 'trust store to verify by (default: .pratique/trust)')
    .option('--trust <bundle>', 'a bundle to verify by, instead of a store')
    .option('--exporter <kid>', 'the key that must have signed the bundle')
    .option('--allow-unanchored', 'accept trust data that is not tied to a chain (for development)')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      example('print --paper letter --zone America/New_York --out mailing.pdf cards/spring-0001.ndjson'),
    )
    .action(async (cards: readonly string[], options: PrintOptions) =>
      (await import('../print.ts')).runPrint(cards, options, readConfig()),
    );
}

function paperLanguages(text: string): readonly Language[] {
  const found = text.split(',').map((tag) => LANGUAGES.find((language) => language === tag));
  const known = found.filter((language) => language !== undefined);
  if (found.length !== 2 || known.length !== 2) {
    throw new InvalidArgumentError(`It must be two of ${LANGUAGES.join(', ')}, such as en,es.`);
  }
  return known;
}

function zoneName(text: string): string {
  try {
    return timeZone(text).name;
  } catch {
    throw new InvalidArgumentError('It must be the name of a time zone, such as America/New_York.');
  }
}
