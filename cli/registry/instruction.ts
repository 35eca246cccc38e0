import { writeFile } from 'node:fs/promises';
import { moment } from '../../contracts/moment.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import { RegistryError } from '../../contracts/registry-error.ts';
import {
  type InstructedTerms,
  instructionFile,
  type SignedInstruction,
} from '../../contracts/signed-instruction.ts';
import { print } from './print.ts';

/** Long enough for somebody else to find the time. */
const DEFAULT_SECONDS = 7 * 86_400;

export interface Signing {
  /** The file to write. */
  readonly instruction: string;
  /** Unix seconds. */
  readonly deadline?: number;
  readonly after: number;
}

/** Sign for others to send; RegistryError FILE_EXISTS before anything is signed over a file that is there. */
export async function signInto(
  client: RegistryClient,
  instructed: InstructedTerms,
  { instruction: file, deadline = Math.floor(Date.now() / 1000) + DEFAULT_SECONDS, after }: Signing,
): Promise<SignedInstruction> {
  const signed = await client.signInstruction(instructed, { deadline, after });
  try {
    await writeFile(file, instructionFile(signed), { flag: 'wx' });
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new RegistryError(
      'FILE_EXISTS',
      exists ? 'There is a file of this name already.' : 'The file of the instruction cannot be written.',
    );
  }
  return signed;
}

/** Print what was signed and where it lies. */
export function printSigned(
  what: string,
  { file, signed }: { readonly file: string; readonly signed: SignedInstruction },
  options: { readonly json?: boolean },
): void {
  const { signer, nonce, deadline } = signed;
  print(
    { file, signer, nonce, deadline },
    [`${what}: signed into ${file} by ${signer}, nonce ${nonce}, to be relayed until ${moment(deadline)}`],
    options,
  );
}
