import { Command, InvalidArgumentError } from 'commander';
import { readConfig } from '../config.ts';
import { wholeNumber } from '../option-arguments.ts';

/** Options of `pratique verifier setup-code`, as parsed. */
export interface SetupCodeOptions {
  readonly name?: string;
  readonly rules: string;
  readonly language?: readonly string[];
  readonly lock?: boolean;
  readonly pinFile?: string;
  readonly takeUp: number;
  readonly valid: number;
  readonly svg?: string;
  readonly png?: string;
  readonly list?: boolean;
  readonly withdraw?: string;
  readonly store?: string;
  readonly json?: boolean;
}

/** `pratique verifier setup-code`: scanners that are set up by one scan. */
export function setupCodeCommand(): Command {
  return new Command('setup-code')
    .description('Make a code that sets scanners up: for which venue, by which rules, in which languages.')
    .option('--name <name>', 'the name of the venue, as its scanners show it')
    .option(
      '--rules <id>',
      'the rule set that they hold cards against; none leaves it to whoever scans',
      'none',
    )
    .option('--language <tag...>', 'languages that they offer first, such as en es zh-Hant', languages)
    .option('--lock', 'lock their settings with a PIN, which is asked for here')
    .option('--pin-file <file>', 'lock their settings with the PIN in this file')
    .option('--take-up <hours>', 'how long scanners may take it up, 1 to 720 hours', within(1, 720), 24)
    .option('--valid <days>', 'how long they are set up by it, 1 to 730 days', within(1, 730), 365)
    .option('--svg <file>', 'write the code as a picture')
    .option('--png <file>', 'write the code as a picture')
    .option('--list', 'list the codes that this store has made')
    .option('--withdraw <id>', 'have a code, and the scanners that took it up, count no more')
    .option('--store <dir>', 'trust store of the node (default: .pratique/trust)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  pratique verifier setup-code --name "Harbour Hall" --rules US-NY/ENTRY --language en es --lock
  pratique verifier setup-code --name "Harbour Hall, east door" --pin-file pin.txt --png east-door.png
  pratique verifier setup-code --list
  pratique verifier setup-code --withdraw 3kTq0u8Ls1x_Zr9A`,
    )
    .action(async (options: SetupCodeOptions) => {
      const { runSetupCode } = await import('./setup-code.ts');
      await runSetupCode(options, readConfig());
    });
}

/** commander hands over one value at a time. */
function languages(tag: string, before: readonly string[] = []): readonly string[] {
  if (!/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/.test(tag)) {
    throw new InvalidArgumentError('It must be the tag of a language, such as en or zh-Hant.');
  }
  return before.includes(tag) ? before : [...before, tag];
}

function within(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = wholeNumber(text);
    if (number < least || number > most)
      throw new InvalidArgumentError(`It must be from ${least} to ${most}.`);
    return number;
  };
}
