import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeCompactJws } from '../../credential/jws.ts';
import { flag, record, text, whole } from '../../credential/strict-reader.ts';
import { isSetupId, setupSigningInput } from '../pipeline/setup-code.ts';
import type { SetupCode } from '../pipeline/setup-code.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import { createFile } from './atomic-file.ts';
import type { ExporterKey } from './exporter-key.ts';

/** Why no set-up code is made or withdrawn; a closed list. */
export type SetupCodeCode =
  | 'SETUP_CODE_UNKNOWN'
  | 'SETUP_OF_ANOTHER_NODE'
  | 'STORE_MISSING'
  | 'PIN_TOO_SHORT'
  | 'PIN_TOO_SIMPLE'
  | 'OUTPUT_UNWRITABLE';

/** A set-up code that cannot be made or withdrawn; the message is a plain sentence for the operator. */
export class SetupCodeError extends Error {
  override readonly name = 'SetupCodeError';
  readonly code: SetupCodeCode;

  constructor(code: SetupCodeCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** What a node remembers of a code that it made: nothing by which it could be made again. */
export interface IssuedSetup extends Pick<SetupCode, 'id' | 'name' | 'rules' | 'iat' | 'takeUntil' | 'exp'> {
  /** Whether it locks by a PIN. */
  readonly locked: boolean;
}

/** The set-up codes of a store: a file for each that was made, and one for each that was withdrawn. */
export interface SetupCodes {
  /** Sign a code, and remember that it was made. @throws TrustError FILE_UNREADABLE if it cannot be remembered */
  readonly issue: (code: SetupCode, exporter: ExporterKey) => Promise<string>;
  /** The newest first. @throws TrustError FILE_UNREADABLE */
  readonly list: () => Promise<readonly (IssuedSetup & { readonly withdrawn: boolean })[]>;
  /** For good; false if it was before. @throws SetupCodeError SETUP_CODE_UNKNOWN; TrustError FILE_UNREADABLE */
  readonly withdraw: (id: string) => Promise<boolean>;
  /** Ids, read anew each time: another process withdraws while a node serves. @throws TrustError FILE_UNREADABLE */
  readonly withdrawn: () => Promise<readonly string[]>;
}

const FOLDER = 'setup-codes';
const WITHDRAWN = '.withdrawn';
const encoder = new TextEncoder();

/** The set-up codes of the store in that folder. */
export function setupCodesOf(store: string): SetupCodes {
  const folder = join(store, FOLDER);
  const idsOf = async (ending: string): Promise<readonly string[]> =>
    (await namesIn(folder)).flatMap((name) => {
      const id = name.slice(0, -ending.length);
      return name.endsWith(ending) && isSetupId(id) ? [id] : [];
    });
  const withdrawn = async (): Promise<readonly string[]> => idsOf(WITHDRAWN);
  return {
    withdrawn,
    issue: async (code, exporter) => {
      const { id, name, rules, iat, takeUntil, exp } = code;
      const issued: IssuedSetup = { id, name, rules, iat, takeUntil, exp, locked: code.pin !== null };
      const input = setupSigningInput(exporter.kid, code);
      // A code that nobody could withdraw is worse than a line about one that was never printed.
      await orUnreadable(mkdir(folder, { recursive: true, mode: 0o700 }));
      await orUnreadable(createFile(join(folder, `${id}.json`), JSON.stringify(issued), 0o600));
      return encodeCompactJws(input, exporter.sign(encoder.encode(input)));
    },
    list: async () => {
      const gone = new Set(await withdrawn());
      const ids = await idsOf('.json');
      const read = ids.map(async (id) => {
        const issued = issuedOf(await orUnreadable(readFile(join(folder, `${id}.json`), 'utf8')));
        return { ...issued, withdrawn: gone.has(id) };
      });
      return (await Promise.all(read)).toSorted((one, other) => other.iat - one.iat);
    },
    withdraw: async (id) => {
      if (!(await idsOf('.json')).includes(id)) {
        throw new SetupCodeError(
          'SETUP_CODE_UNKNOWN',
          'This store made no set-up code of that id: see `pratique verifier setup-code --list`.',
        );
      }
      const moment = new Date().toISOString();
      return orUnreadable(createFile(join(folder, id + WITHDRAWN), `${moment}\n`, 0o600));
    },
  };
}

/** The file system's own errors, in words for the operator. */
async function orUnreadable<T>(action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch {
    throw unreadable();
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    // Whoever cannot read what was withdrawn must not take it for nothing.
    throw unreadable();
  }
}

const issuedSetup = record<IssuedSetup>({
  id: text(/^/, 16),
  name: text(/^/, 200),
  rules: text(/^/, 200),
  iat: whole,
  takeUntil: whole,
  exp: whole,
  locked: flag,
});

function issuedOf(file: string): IssuedSetup {
  try {
    return issuedSetup(JSON.parse(file));
  } catch {
    throw unreadable();
  }
}

function unreadable(): TrustError {
  return new TrustError('FILE_UNREADABLE', 'The set-up codes in the store folder cannot be read or written.');
}
