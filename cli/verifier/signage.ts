import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { PaperError } from '../../agent/paper/paper-error.ts';
import { explainRules } from '../../verifier/pipeline/rules/explain-rules.ts';
import type { Config } from '../config.ts';
import { printableJson } from '../display.ts';
import { rulesNamed } from '../rules/rules-named.ts';
import { writeSign } from './signage/write-sign.ts';
import type { Written } from './signage/write-sign.ts';
import { SignError } from './signage/sign-error.ts';
import { signText } from './signage/sign-text.ts';
import type { Sign } from './signage/sign-text.ts';
import type { SignageOptions } from './signage-command.ts';

/**
 * Write a sign for the door as PDF.
 *
 * @throws SignError; RulesError for rules that cannot be told of; nothing is written then
 */
export async function runSignage(options: SignageOptions, config: Config): Promise<void> {
  const { output, json, paper } = options;
  const written = await write(await signOf(options, config), output, paper);
  process.stdout.write(
    json === true
      ? `${printableJson({ output, ...written })}\n`
      : `${output}: ${written.pages} ${written.pages === 1 ? 'page' : 'pages'}, letters of ${written.points} points.\n`,
  );
}

async function signOf(
  { rules, venue, languages, ...options }: SignageOptions,
  config: Config,
): Promise<Sign> {
  const [first = 'en'] = languages;
  const named = rules === 'none' ? null : await rulesNamed(rules, { options, config, language: first });
  return {
    venue: venue ?? null,
    rules: named === null ? null : `${explainRules(named.ready, first).set} ${named.ready.set.version}`,
    parts: languages.map((language) =>
      signText(named === null ? null : explainRules(named.ready, language), language),
    ),
  };
}

async function write(sign: Sign, output: string, paper: SignageOptions['paper']): Promise<Written> {
  const unfinished = `${output}.part`;
  try {
    const written = await writeSign(sign, createWriteStream(unfinished), paper);
    await rename(unfinished, output);
    return written;
  } catch (error) {
    await rm(unfinished, { force: true });
    if (error instanceof PaperError) throw signError(error);
    if (error instanceof Error && 'syscall' in error) {
      throw new SignError('OUTPUT_UNWRITABLE', `The file ${output} cannot be written.`);
    }
    throw error;
  }
}

function signError({ code }: PaperError): SignError {
  return code === 'GLYPH_MISSING'
    ? new SignError(
        'GLYPH_MISSING',
        'No font here has all characters of the sign: see the name of the venue.',
      )
    : new SignError(
        'SIGN_TOO_LONG',
        'The sign does not fit, even in its smallest letters: shorten the name, or see pratique rules explain.',
      );
}
