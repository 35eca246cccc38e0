import { Command, InvalidArgumentError, Option } from 'commander';
import { LANGUAGES } from '../../verifier/pipeline/words/language.ts';
import type { Language } from '../../verifier/pipeline/words/language.ts';
import { readConfig } from '../config.ts';
import { spokenLanguage } from '../option-arguments.ts';

/** Options of `pratique verifier signage`, as parsed. */
export interface SignageOptions {
  readonly rules: string;
  readonly venue?: string;
  readonly languages: readonly Language[];
  readonly paper: 'a4' | 'letter';
  readonly output: string;
  readonly store?: string;
  readonly trust?: string;
  readonly json?: boolean;
}

/** `pratique verifier signage`: a sign for the door. */
export function signageCommand(): Command {
  return new Command('signage')
    .description(
      'Write a sign for the door: what is checked, by which rules, that nothing is kept, what to bring.',
    )
    .option(
      '--rules <id>',
      'rules that cards are held against here, as `pratique rules list` names them, or their file',
      'none',
    )
    .option('--venue <name>', 'the name of the venue, on top of each page', venueName)
    .option('--languages <tags>', 'which of en, zh-Hant and es, the first on top', signLanguages, LANGUAGES)
    .addOption(new Option('--paper <size>', 'size of the paper').choices(['a4', 'letter']).default('a4'))
    .requiredOption('--output <file>', 'the PDF')
    .option('--store <dir>', 'trust store that says what is published (default: .pratique/trust, if there)')
    .option('--trust <bundle>', 'a bundle that says so, instead of a store')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Letters are as large as the fewest pages allow, and never smaller than 11 points.

Examples:
  pratique verifier signage --rules US-NY/ENTRY --venue "Harbour Hall" --output door.pdf
  pratique verifier signage --languages es,en --paper letter --output door.pdf`,
    )
    .action(async (options: SignageOptions) => {
      const { runSignage } = await import('./signage.ts');
      await runSignage(options, readConfig());
    });
}

function signLanguages(text: string): readonly Language[] {
  return [...new Set(text.split(',').map((tag) => spokenLanguage(tag.trim())))];
}

/** Marks that turn or hide what stands around them would make another name of it. */
function venueName(text: string): string {
  const name = text.trim();
  if (name === '' || Array.from(name).length > 80 || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)) {
    throw new InvalidArgumentError('It must be one line of at most 80 characters, all of them visible.');
  }
  return name;
}
