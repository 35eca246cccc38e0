import type { AskPin } from '../../agent/token/token.ts';
import { cleanText } from '../display.ts';
import { readSecret } from './passphrase.ts';

/**
 * Answers the PIN of a token: from a file, or asked for without echo; once for a run, since a token locks itself after a
 * few wrong ones.
 *
 * @param files each the path of a file for every token, or `LABEL=PATH` for the token of that label alone
 */
export function pinAsker(files: readonly string[] = []): AskPin {
  const said = new Map<string, Promise<string>>();
  return (token) => {
    const pin = said.get(token) ?? readPin(fileFor(token, files), token);
    said.set(token, pin);
    return pin;
  };
}

/** A PIN meant for another token would cost this one a try. */
function fileFor(token: string, files: readonly string[]): string | undefined {
  const own = files.find((file) => file.startsWith(`${token}=`));
  return own?.slice(token.length + 1) ?? files.find((file) => !file.includes('='));
}

function readPin(file: string | undefined, token: string): Promise<string> {
  return readSecret({
    file,
    question: `PIN of token ${cleanText(token)}`,
    of: { noun: 'PIN', missing: 'PIN_MISSING', option: '--pin-file' },
  });
}
