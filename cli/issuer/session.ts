import { IssuerError } from '../../agent/issuer-error.ts';
import { openIssuer } from '../../agent/issuer-folder.ts';
import type { Issuer, OpenOptions } from '../../agent/issuer.ts';
import { readConfig } from '../config.ts';
import { readPassphrase } from './passphrase.ts';
import { pinAsker } from './pin.ts';

/** Options of every subcommand on an issuer. */
export interface IssuerOptions {
  readonly dir: string;
  readonly passphraseFile?: string;
  readonly pinFile?: readonly string[];
  readonly json?: boolean;
}

/** Another command holds a folder for a moment, such as an anchoring loop; a server holds it until it ends. */
const LOCK_WAIT_MS = 3_000;
const LOCK_LOOK_MS = 150;

/**
 * Opens the issuer, runs, and gives the folder up whatever happens.
 *
 * What was begun comes to its end: the first SIGINT or SIGTERM is told to `run`, which may have more to do than that; the
 * second is the end.
 */
export async function withIssuer<T>(
  options: IssuerOptions,
  run: (issuer: Issuer, stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const folder = await unlockedFolder(options);
  return draining(async (stop) => holdingIssuer(folder, async (issuer) => run(issuer, stop)));
}

/** An issuer's folder with what opens it, and whom to ask for the PINs of its tokens, each once. */
type UnlockedFolder = Pick<OpenOptions, 'dir' | 'passphrase' | 'askPin' | 'database'>;

/** Reads the passphrase of the issuer's folder; PINs are asked for when they are needed. */
export async function unlockedFolder({
  dir,
  passphraseFile,
  pinFile,
}: IssuerOptions): Promise<UnlockedFolder> {
  const passphrase = await readPassphrase({ file: passphraseFile, question: 'Passphrase of the issuer' });
  const { databaseUrl } = readConfig();
  const askPin = pinAsker(pinFile);
  return { dir, passphrase, askPin, ...(databaseUrl === undefined ? {} : { database: databaseUrl }) };
}

/** Opens the issuer with the passphrase at hand, runs, and gives the folder up whatever happens. */
export async function holdingIssuer<T>(
  folder: UnlockedFolder,
  run: (issuer: Issuer) => Promise<T>,
): Promise<T> {
  const issuer = await openUnlocked(folder);
  try {
    return await run(issuer);
  } finally {
    await issuer.close();
  }
}

async function draining<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T> {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const stop = new AbortController();
  const still = (): void => {
    for (const name of signals) process.off(name, interrupted);
  };
  const interrupted = (): void => {
    still();
    process.stderr.write('\nEnding after what is under way; once more ends at once.\n');
    stop.abort();
  };
  for (const name of signals) process.on(name, interrupted);
  try {
    return await work(stop.signal);
  } finally {
    still();
  }
}

async function openUnlocked(folder: UnlockedFolder): Promise<Issuer> {
  const deadline = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      return await openIssuer(folder);
    } catch (error) {
      const isLocked = error instanceof IssuerError && error.code === 'STORE_LOCKED';
      if (!isLocked || Date.now() >= deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOCK_LOOK_MS));
    }
  }
}

/** Prints the outcome of a command: one JSON object, or lines for people. */
export function report(options: { readonly json?: boolean }, json: object, lines: readonly string[]): void {
  process.stdout.write(options.json === true ? `${JSON.stringify(json)}\n` : `${lines.join('\n')}\n`);
}
