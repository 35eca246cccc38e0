import { Command, InvalidArgumentError } from 'commander';
import { LANGUAGES } from '../verifier/pipeline/words/language.ts';
import type { Language } from '../verifier/pipeline/words/language.ts';
import { readConfig } from './config.ts';
import { UsageError } from './exit.ts';
import { spokenLanguage } from './option-arguments.ts';

/** Options of `pratique verify`, as parsed. */
export interface VerifyOptions {
  readonly trust?: string;
  readonly exporter?: string;
  readonly store?: string;
  readonly at?: number;
  readonly event?: number;
  readonly rules: string;
  readonly policy?: string;
  readonly allowUnanchored?: boolean;
  readonly json?: boolean;
  readonly lang?: Language;
}

/** `pratique verify`: decide about every credential in the inputs. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('Decide about every credential in the inputs, offline, from trust data held here.')
    .argument(
      '<input...>',
      'a path, - for standard input, or the text itself: JWS, shc:/ or pratique:/ text, .smart-health-card, a deep link to cards, VC, presentation, QR picture',
    )
    .option('--trust <bundle>', 'trust bundle to decide by')
    .option('--exporter <kid>', 'the key that must have signed the bundle for it to count as anchored')
    .option('--store <dir>', 'trust store to decide by (default: .pratique/trust)')
    .option('--at <unix>', 'judge validity at this moment, in Unix seconds, instead of now', unixSeconds)
    .option('--event <unix>', 'when the event begins, for rules that count back from it', unixSeconds)
    .option(
      '--rules <id>',
      'acceptance rules to hold the cards against, as `pratique rules list` names them',
      'none',
    )
    .option('--policy <file>', "the venue's own policy: what it takes, and how old its data may be")
    .option('--allow-unanchored', 'accept trust data that is not tied to a chain (for development)')
    .option('--json', 'print one JSON array, one decision per credential')
    .option(
      '--lang <tag>',
      `language to answer in: ${LANGUAGES.join(', ')} (default: the locale's); with --json it adds the reasons in words`,
      spokenLanguage,
    )
    .addHelpText(
      'after',
      `
A presentation (vp+jwt, or a VCDM 1.1 JWT) answers one verifier's question, and
nobody was asked here: what it holds is decided by itself, and besides is
HOLDER_NOT_PROVEN.

Examples:
  pratique verify card.smart-health-card
  pratique verify --trust venue.bundle --exporter KID photo.png
  pratique verify --rules US-NY/ENTRY card.smart-health-card
  pratique verify --json --allow-unanchored --trust dev.bundle - < card.jws`,
    )
    .action(async (inputs: string[], options: VerifyOptions) => {
      if (options.trust !== undefined && options.store !== undefined) {
        throw new UsageError('Give either --trust or --store, not both.');
      }
      if (options.exporter !== undefined && options.trust === undefined) {
        throw new UsageError('--exporter says who signed the bundle given with --trust.');
      }
      const { runVerify } = await import('./verify/run.ts');
      process.exitCode = await runVerify(inputs, options, readConfig());
    });
}

function unixSeconds(text: string): number {
  const value = Number(text);
  // Beyond the year 5138 it is milliseconds by mistake.
  if (!/^\d+(\.\d+)?$/.test(text) || value > 1e11) {
    throw new InvalidArgumentError('It must be a moment in Unix seconds, such as 1766000000.');
  }
  return value;
}
