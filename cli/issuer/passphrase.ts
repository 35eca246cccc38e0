import { IssuerError } from '../../agent/issuer-error.ts';
import { readFileUpTo } from '../../verifier/node/read-file.ts';

const MAX_SECRET_BYTES = 1024;

/** What is asked for: in the words of the terminal, and the code if there is none. */
interface SecretKind {
  readonly noun: string;
  readonly missing: 'PASSPHRASE_MISSING' | 'PIN_MISSING' | 'API_KEY_MISSING';
  readonly option: string;
}

const PASSPHRASE: SecretKind = {
  noun: 'passphrase',
  missing: 'PASSPHRASE_MISSING',
  option: '--passphrase-file',
};

interface SecretOptions {
  readonly file?: string | undefined;
  readonly question: string;
  /** Ask twice: a new passphrase with a slip of the finger would lock its own issuer out. */
  readonly confirm?: boolean;
}

/** `readSecret` of a passphrase. */
export async function readPassphrase(options: SecretOptions): Promise<string> {
  return readSecret({ ...options, of: PASSPHRASE });
}

/**
 * A secret, from a file (one trailing line end is not part of it) or asked for without echo; never from the
 * command line or the environment, where other processes could read it.
 *
 * IssuerError PASSPHRASE_MISSING, PIN_MISSING or API_KEY_MISSING if there is no file and nobody to ask, or two typings differ; INPUT_UNREADABLE.
 */
export async function readSecret(options: SecretOptions & { readonly of: SecretKind }): Promise<string> {
  const { noun, missing, option } = options.of;
  if (options.file !== undefined) return readSecretFile(options.file, options.of);
  if (!process.stdin.isTTY) {
    throw new IssuerError(missing, `There is nobody to ask for the ${noun}: use ${option}.`);
  }
  const secret = await askHidden(`${options.question}: `, options.of);
  if (options.confirm === true && (await askHidden('Once more: ', options.of)) !== secret) {
    throw new IssuerError(missing, `The two ${noun}s differ.`);
  }
  return secret;
}

async function readSecretFile(path: string, { noun, missing }: SecretKind): Promise<string> {
  let bytes: Uint8Array | 'too-large';
  try {
    bytes = await readFileUpTo(path, MAX_SECRET_BYTES);
  } catch {
    throw new IssuerError('INPUT_UNREADABLE', `The ${noun} file cannot be read.`);
  }
  if (bytes === 'too-large') {
    throw new IssuerError('INPUT_UNREADABLE', `The ${noun} file is too long for a ${noun}.`);
  }
  const secret = Buffer.from(bytes)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (secret === '') throw new IssuerError(missing, `The ${noun} file is empty.`);
  return secret;
}

/** Reads a line from the terminal in raw mode, showing nothing of it. */
async function askHidden(question: string, { noun, missing }: SecretKind): Promise<string> {
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
          throw new IssuerError(missing, `No ${noun} was given.`);
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
