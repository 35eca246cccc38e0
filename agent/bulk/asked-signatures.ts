import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { IssuerError, type IssuerCode } from '../issuer-error.ts';

/** Signs texts with one key, r ‖ s each, in their order. IssuerError. */
export type SignAll = (texts: readonly string[]) => Promise<readonly Uint8Array[]>;

type Answer =
  { readonly signatures: readonly Uint8Array[] } | { readonly fault: IssuerCode; readonly message: string };

/** As many as a token takes at once, and some that wait for it. */
const LANES = 8;

/** Signs texts by a signer that takes one at a time, several at once; the first fault ends it. */
export async function signEach(
  texts: readonly string[],
  sign: (bytes: Uint8Array) => Promise<Uint8Array>,
): Promise<readonly Uint8Array[]> {
  const signatures: Uint8Array[] = [];
  let [next, failed] = [0, false];
  const lane = async (): Promise<void> => {
    while (next < texts.length && !failed) {
      const place = next++;
      try {
        signatures[place] = await sign(Buffer.from(texts[place] ?? '', 'latin1'));
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return signatures;
}

/** Runs what is handed the end of a channel through which a thread asks for its signatures. */
export async function answering<T>(signAll: SignAll, run: (port: MessagePort) => Promise<T>): Promise<T> {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', (texts: readonly string[]) => {
    void answerTo(signAll, texts).then((answer) => port1.postMessage(answer));
  });
  try {
    return await run(port2);
  } finally {
    port1.close();
  }
}

/** Has texts signed at the other end of a channel. IssuerError as the signer there. */
export function askingAt(port: MessagePort): SignAll {
  return async (texts) => {
    port.postMessage(texts);
    const [answer] = (await once(port, 'message')) as [Answer];
    if ('fault' in answer) throw new IssuerError(answer.fault, answer.message);
    return answer.signatures;
  };
}

/** An error of ours does not pass from thread to thread as what it is. */
async function answerTo(signAll: SignAll, texts: readonly string[]): Promise<Answer> {
  try {
    return { signatures: await signAll(texts) };
  } catch (error) {
    return error instanceof IssuerError
      ? { fault: error.code, message: error.message }
      : { fault: 'TOKEN_FAULT', message: 'The token could not sign.' };
  }
}
