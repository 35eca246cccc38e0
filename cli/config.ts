import { resolve } from 'node:path';
import { languageFor } from '../verifier/pipeline/words.ts';
import type { Language } from '../verifier/pipeline/words/language.ts';

/** What the command line takes from its surroundings; read here and nowhere else. */
export interface Config {
  /** Where a venue's trust data lives unless `--store` says otherwise. */
  readonly trustStore: string;
  /** Whether to draw colours: a terminal that did not ask for none (no-color.org). */
  readonly color: boolean;
  /** What the machine's locale asks for. */
  readonly language: Language;
  /** URL of the database of issuers, with its password perhaps, instead of the one that their folders say. */
  readonly databaseUrl: string | undefined;
}

/** Variables that name the locale of what is said, the first one set to something (POSIX, chapter 8.2). */
const LOCALE = ['LC_ALL', 'LC_MESSAGES', 'LANG'] as const;

/** Read the configuration from the process. */
export function readConfig(): Config {
  return {
    trustStore: resolve('.pratique', 'trust'),
    color: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
    language: languageFor(
      LOCALE.map((name) => process.env[name]).find((locale) => locale !== undefined && locale !== ''),
    ),
    databaseUrl: process.env['PRATIQUE_DATABASE_URL'],
  };
}

/** The API key under which commands ask a running server, if the environment has one. */
export function readServerKey(): string | undefined {
  const key = process.env['PRATIQUE_API_KEY'];
  return key === '' ? undefined : key;
}
