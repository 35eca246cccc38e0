import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FormatError } from '../../../credential/errors.ts';
import { isJsonObject, parseJson } from '../../../credential/json.ts';
import { replaceFile } from '../../../verifier/node/atomic-file.ts';
import { TrustError } from '../../../verifier/pipeline/trust-error.ts';

/** Since when a key is missing from the directory, Unix seconds, by `<iss> <kid>`. */
export type MissingKeys = ReadonlyMap<string, number>;

/** What imports and mirrorings remember of a directory, beside what the registry's log says. */
export interface ImportNotes {
  /** When the newest snapshot was taken that was used, Unix seconds; 0 if none said when. */
  readonly newest: number;
  /** Fingerprint of the certificate of who signed last; null if nobody ever did. */
  readonly signer: string | null;
  /** Whether an import wrote here, not a mirroring only. */
  readonly imported: boolean;
  readonly missing: MissingKeys;
}

export const NO_NOTES: ImportNotes = { newest: 0, signer: null, imported: false, missing: new Map() };

const FORMAT = 'pratique/import-notes/1';

/**
 * Read what earlier imports noted; undefined if nothing is there.
 *
 * @throws TrustError FILE_UNREADABLE: what is not whole is not guessed at, since keys are retired by it
 */
export async function readNotes(path: string): Promise<ImportNotes | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(path);
  }
  try {
    return notesFrom(parseJson(text)) ?? refuse(path);
  } catch (error) {
    if (error instanceof FormatError) throw unreadable(path);
    throw error;
  }
}

/** Note what is known now, for the next import. Throws TrustError FILE_UNREADABLE if the place cannot be written. */
export async function writeNotes(path: string, notes: ImportNotes): Promise<void> {
  const { missing, ...rest } = notes;
  const content = { format: FORMAT, ...rest, missing: Object.fromEntries(missing) };
  try {
    await mkdir(dirname(path), { recursive: true });
    await replaceFile(path, `${JSON.stringify(content, null, 2)}\n`);
  } catch {
    throw new TrustError('FILE_UNREADABLE', `The notes of this import cannot be written to ${path}.`);
  }
}

function notesFrom(json: unknown): ImportNotes | undefined {
  if (!isJsonObject(json) || json['format'] !== FORMAT) return undefined;
  const { newest, signer, imported, missing } = json;
  if (!isTime(newest) || typeof imported !== 'boolean' || !isJsonObject(missing)) return undefined;
  if (signer !== null && typeof signer !== 'string') return undefined;
  const times = new Map<string, number>();
  for (const [name, since] of Object.entries(missing)) {
    if (!isTime(since)) return undefined;
    times.set(name, since);
  }
  return { newest, signer, imported, missing: times };
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function refuse(path: string): never {
  throw unreadable(path);
}

function unreadable(path: string): TrustError {
  return new TrustError(
    'FILE_UNREADABLE',
    `The notes of earlier imports at ${path} cannot be read; without them it is not known how old the last snapshot was.`,
  );
}
