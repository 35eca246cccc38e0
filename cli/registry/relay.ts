import { parseInstruction, type SignedInstruction } from '../../contracts/signed-instruction.ts';
import type { Written } from '../../contracts/registry-calls.ts';
import { decodeKid, encodeListName } from '../../contracts/registry-encoding.ts';
import { RegistryError } from '../../contracts/registry-error.ts';
import { cleanText } from '../display.ts';
import { readJsonFile } from '../trust/json-file.ts';
import { withSender } from './connect.ts';
import type { WriteOptions } from './options.ts';
import { cost, plainly, print } from './print.ts';

/** `pratique registry relay`: all files are read before the first is sent, and sent in the order of their nonces. */
export async function runRelay(files: readonly string[], options: WriteOptions): Promise<void> {
  const instructions: { file: string; instruction: SignedInstruction }[] = [];
  for (const file of files) {
    const { json } = await readJsonFile(file);
    const instruction = await ofFile(file, async () => parseInstruction(json));
    instructions.push({ file, instruction });
  }
  instructions.sort((one, other) => one.instruction.nonce - other.instruction.nonce);
  const relayed = await withSender(options, async (client) => {
    const done: (Written & { file: string; what: string })[] = [];
    for (const { file, instruction } of instructions) {
      const written = await ofFile(file, () => client.relay(instruction), done.length);
      done.push({ ...written, file, what: inWords(instruction) });
    }
    return done;
  });
  print(
    { relayed: plainly(relayed) },
    relayed.map(({ what, ...written }) => `${what}: ${cost(written)}, transaction ${written.txHash}`),
    options,
  );
}

/** A refusal that says which of the files it is about, and how many were sent before. */
async function ofFile<T>(file: string, work: () => Promise<T>, before = 0): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    const sent = before === 0 ? '' : ` ${before} before it ${before === 1 ? 'was' : 'were'} relayed.`;
    throw new RegistryError(error.code, `${cleanText(file)}: ${error.message}${sent}`, error.refusal);
  }
}

function inWords(instructed: SignedInstruction): string {
  const { issuerId } = instructed.terms;
  return instructed.instruction === 'anchor'
    ? `List ${decodeKid(encodeListName(instructed.terms.list))} of issuer ${issuerId} is anchored for ${instructed.signer}`
    : `A key of issuer ${issuerId} is registered for ${instructed.signer}`;
}
