import type { Command } from 'commander';
import type { AnchorOptions } from '../anchor-command.ts';
import { example, onChain, onIssuer, roomForCards } from './options.ts';

/** `pratique issuer anchor`. */
export function anchorCommand(): Command {
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
    .action(async (options: AnchorOptions) => (await import('../anchor-command.ts')).runAnchor(options));
}
