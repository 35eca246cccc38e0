import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../atomic-file.ts';
import { IssuerError } from '../issuer-error.ts';
import { codeOf } from '../store-fault.ts';
import { readDatabaseUrl } from './database-url.ts';

/** What an issuer folder says of the PostgreSQL in which its records lie. */
export interface DatabaseFile {
  readonly version: 1;
  /** Never with a password. */
  readonly url: string;
  /** Which of the agents on that database this folder is of: 128 random bits, base64url. */
  readonly agent: string;
}

const DATABASE_FILE = 'database.json';
const AGENT = /^[A-Za-z0-9_-]{22}$/;

/** For a new folder. IssuerError DATABASE_INVALID, also if the URL has a password in it. */
export function newDatabaseFile(url: string): DatabaseFile {
  readDatabaseUrl(url, 'without password');
  return { version: 1, url, agent: randomBytes(16).toString('base64url') };
}

export async function writeDatabaseFile(dir: string, file: DatabaseFile): Promise<void> {
  await writeFileAtomic(join(dir, DATABASE_FILE), `${JSON.stringify(file, null, 2)}\n`, 0o600);
}

/**
 * What a folder says, or with another URL; undefined of a folder that holds its records itself.
 *
 * IssuerError STORE_DAMAGED, STORE_UNAVAILABLE, DATABASE_INVALID.
 */
export async function readDatabaseFile(dir: string, url?: string): Promise<DatabaseFile | undefined> {
  let text: string;
  try {
    text = await readFile(join(dir, DATABASE_FILE), 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw new IssuerError('STORE_UNAVAILABLE', 'The issuer folder cannot be read.', { cause: error });
  }
  const file = parsed(text);
  readDatabaseUrl(file.url, 'without password');
  if (url === undefined) return file;
  readDatabaseUrl(url, 'with or without password');
  return { ...file, url };
}

function parsed(text: string): DatabaseFile {
  try {
    const json = JSON.parse(text) as Partial<DatabaseFile> | null;
    if (json?.version === 1 && typeof json.url === 'string' && AGENT.test(json.agent ?? ''))
      return json as DatabaseFile;
  } catch {
    // As if it said nothing.
  }
  throw new IssuerError('STORE_DAMAGED', 'The file database.json of the issuer folder cannot be read.');
}
