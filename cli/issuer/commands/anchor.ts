import type { Command } from 'commander';
import type { AnchorOptions } from '../anchor-command.ts';
import { duration } from '../../registry/arguments.ts';
import { everyDuration, example, onChain, onIssuer, roomForCards } from './options.ts';

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
    .option(
      '--lists <dir>',
      'after a restore: where the lists lie that were published last, if not in the folder of --out',
    )
    .option(
      '--disown',
      'anchor over a list whose revocations are not here: only if somebody else made it with the issuer’s account; not after a restore',
    )
    .option('--if-changed', 'leave lists alone that the chain holds as they are')
    .option('--instructions <dir>', 'sign only, into this folder, for anybody to send with `registry relay`')
    .option(
      '--every <duration>',
      'go on until told to stop (SIGTERM): look so often, such as 10m, and anchor what has changed, at least daily',
      everyDuration,
    )
    .option(
      '--wait <duration>',
      'give up for now when it is in no block after so long (default: 3m)',
      duration,
    )
    .option(
      '--replace-after <duration>',
      'offer more for a transaction that is in no block after so long (default: 45s)',
      duration,
    )
    .addHelpText(
      'after',
      `${example('anchor --dir clinic --out public')}
  pratique issuer anchor --dir clinic --out public --passphrase-file secret --every 10m

What did not get through is kept and sent again by the next run, under the same counter. With --every the folder is held
only while there is something to do: other commands, such as a revocation, get in between.`,
    )
    .action(async (options: AnchorOptions) => (await import('../anchor-command.ts')).runAnchor(options));
}
