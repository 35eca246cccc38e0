import { IssuerError } from '../../agent/issuer-error.ts';
import { readFileUpTo } from '../../verifier/node/read-file.ts';

const MAX_PASSPHRASE_BYTES = 1024;

/**
 * The passphrase, from a file (one trailing line end is not part of it) or asked for without echo; never from the
 * command line or the environment, where other processes could read it.
 *
 * IssuerError PASSPHRASE_MISSING if there is no file and nobody to ask, or two typings differ; INPUT_UNREADABLE.
 */
export async function readPassphrase(options: {
  readonly file?: string | undefined;
  readonly question: string;
  /** Ask twice: a new passphrase with a slip of the finger would lock its own issuer out. */
  readonly confirm?: boolean;
}): Promise<string> {
  if (options.file !== undefined) return readPassphraseFile(options.file);
  if (!process.stdin.isTTY) {
    throw new IssuerError(
      'PASSPHRASE_MISSING',
      'There is nobody to ask for the passphrase: use --passphrase-file.',
    );
  }
  const passphrase = await askHidden(`${options.question}: `);
  if (options.confirm === true && (await askHidden('Once more: ')) !== passphrase) {
    throw new IssuerError('PASSPHRASE_MISSING', 'The two passphrases differ.');
  }
  return passphrase;
}

async function readPassphraseFile(path: string): Promise<string> {
  let bytes: Uint8Array | 'too-large';
  try {
    bytes = await readFileUpTo(path, MAX_PASSPHRASE_BYTES);
  } catch {
    throw new IssuerError('INPUT_UNREADABLE', 'The passphrase file cannot be read.');
  }
  if (bytes === 'too-large') {
    throw new IssuerError('INPUT_UNREADABLE', 'The passphrase file is too long for a passphrase.');
  }
  const passphrase = Buffer.from(bytes)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (passphrase === '') throw new IssuerError('PASSPHRASE_MISSING', 'The passphrase file is empty.');
  return passphrase;
}

/** Reads a line from the terminal in raw mode, showing nothing of it. */
async function askHidden(question: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  let typed: string[] = [];
  try {
    for await (const chunk of stdin.iterator({ destroyOnReturn: false }) as AsyncIterable<string>) {
      for (const char of chunk) {
        if (char === '\r' || char === '\n') return typed.join('');
        // Ctrl-C and Ctrl-D: raw mode leaves it to us to stop.
        if (char === '\u0003' || char === '\u0004') {
          throw new IssuerError('PASSPHRASE_MISSING', 'No passphrase was given.');
        }
        if (char === '\u007f' || char === '\b') typed = typed.slice(0, -1);
        else typed.push(char);
      }
    }
    return typed.join('');
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
}
