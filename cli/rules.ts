import { Command } from 'commander';
import { LANGUAGES } from '../verifier/pipeline/words/language.ts';
import type { Language } from '../verifier/pipeline/words/language.ts';
import { readConfig } from './config.ts';
import { spokenLanguage } from './option-arguments.ts';

/** Options of `pratique rules list` and `explain`, as parsed. */
export interface KnownOptions {
  readonly store?: string;
  readonly trust?: string;
  readonly lang?: Language;
  readonly json?: boolean;
}

/** Options of `pratique rules test`, as parsed. */
export interface TestOptions {
  readonly json?: boolean;
}

/** Options of `pratique rules lint`, as parsed. */
export interface LintOptions {
  readonly previous?: string;
  readonly json?: boolean;
}

/** `pratique rules`: what cards are held against, for venues and for whoever writes it. */
export function rulesCommand(): Command {
  return new Command('rules')
    .description('List, explain, test and check acceptance rules: what `verify --rules` holds cards against.')
    .addCommand(listCommand())
    .addCommand(explainCommand())
    .addCommand(testCommand())
    .addCommand(lintCommand());
}

function listCommand(): Command {
  return known('list')
    .description('List the rule sets and value sets that are known here, and whether they can be used.')
    .addHelpText(
      'after',
      `
Examples:
  pratique rules list
  pratique registry rules publish US-NY ENTRY --file <file of US-NY/ENTRY> …
  pratique verify --rules US-NY/ENTRY card.smart-health-card`,
    )
    .action(async (options: KnownOptions) => {
      const { runList } = await import('./rules/list.ts');
      await runList(options, readConfig());
    });
}

function explainCommand(): Command {
  return known('explain')
    .description('Say in plain words what a rule set asks, as a venue reads it out to a guest.')
    .argument('<set>', 'its name, as `pratique rules list` has it, or its file')
    .addHelpText(
      'after',
      `
Examples:
  pratique rules explain US-NY/ENTRY --lang es
  pratique rules explain draft/ENTRY.json`,
    )
    .action(async (set: string, options: KnownOptions) => {
      const { runExplain } = await import('./rules/explain.ts');
      await runExplain(set, options, readConfig());
    });
}

function testCommand(): Command {
  return new Command('test')
    .description('Hold rule sets to their tests, which lie beside each as <ID>.tests.json.')
    .argument('[set...]', 'names of sets that come with the program, or files (default: all of the former)')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
What a set counts by and rests on is looked for beside its file, then among what
comes with the program. Exit status: 0 all as expected, 1 otherwise.

Examples:
  pratique rules test
  pratique rules test draft/ENTRY.json`,
    )
    .action(async (sets: string[], options: TestOptions) => {
      const { runTest } = await import('./rules/test.ts');
      process.exitCode = await runTest(sets, options, readConfig());
    });
}

function lintCommand(): Command {
  return new Command('lint')
    .description('Say what is wrong with rule sets, value sets and tests before they are published.')
    .argument('<file...>', 'files of rule sets, value sets or tests')
    .option('--previous <file>', 'the version before, which the one file given is to follow')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Exit status: 0 nothing would be refused, though there may be advice; 65 otherwise.

Examples:
  pratique rules lint draft/*.json
  pratique rules lint ENTRY.json --previous published/ENTRY.json`,
    )
    .action(async (files: string[], options: LintOptions) => {
      const { runLint } = await import('./rules/lint.ts');
      process.exitCode = await runLint(files, options, readConfig());
    });
}

/** What `list` and `explain` have in common. */
function known(name: string): Command {
  return new Command(name)
    .option('--store <dir>', 'trust store that says what is published (default: .pratique/trust, if there)')
    .option('--trust <bundle>', 'a bundle instead of a store')
    .option(
      '--lang <tag>',
      `language to answer in: ${LANGUAGES.join(', ')} (default: the locale's)`,
      spokenLanguage,
    )
    .option('--json', 'print one JSON object');
}
