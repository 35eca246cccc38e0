import type { Command } from 'commander';
import type { RotateOptions } from '../rotate.ts';
import { example, keyDays, onChain, onIssuer, roomForCards } from './options.ts';

/** `pratique issuer rotate`. */
export function rotateCommand(): Command {
  return onChain(
    onIssuer(
      'rotate',
      'Have another key follow the one that signs: made, registered with proof, its list anchored, published.',
    ),
  )
    .option('--days <n>', 'how long the new key may sign', keyDays, 366)
    .option('--room <n>', 'make room for so many cards of the new key', roomForCards)
    .option('--out <dir>', 'folder for a web server, in which lists and key set are written anew', 'public')
    .option('--retire-old', 'retire the key before, once the new one’s list is anchored')
    .option('--if-due', 'do nothing unless the key that signs is close to its end, or a year old')
    .addHelpText(
      'after',
      `${example('rotate --dir clinic --out public')}\nInterrupted, the same command goes on with the key that was made.`,
    )
    .action(async (options: RotateOptions) => (await import('../rotate.ts')).runRotate(options));
}
