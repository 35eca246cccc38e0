import type { Command } from 'commander';
import { example, type WriteOptions, writing } from '../options.ts';

export function relayCommand(): Command {
  return writing('relay', 'Send instructions that others signed, at your own expense (anybody).')
    .argument('<file...>', 'signed instructions, sent in the order of their nonces')
    .addHelpText('after', example('relay key.json anchor.json --account 3 --registry 0x…'))
    .action(async (files: readonly string[], options: WriteOptions) =>
      (await import('../relay.ts')).runRelay(files, options),
    );
}
