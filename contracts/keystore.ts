import { writeFile } from 'node:fs/promises';
import { encryptKeystoreJson, Wallet } from 'ethers';
import { RegistryError } from './registry-error.ts';

/**
 * Make an account in an encrypted JSON keystore (Web3 Secret Storage) that its owner alone can read; answers its address.
 *
 * Throws RegistryError FILE_EXISTS: nothing is ever written over a key, or ACCOUNT_UNAVAILABLE if the file cannot be
 * written.
 */
export async function makeKeystore(path: string, passphrase: string): Promise<string> {
  const { address, privateKey } = Wallet.createRandom();
  const json = await encryptKeystoreJson({ address, privateKey }, passphrase);
  try {
    await writeFile(path, `${json}\n`, { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new RegistryError(
        'FILE_EXISTS',
        'There is a file of this name already; a keystore is never overwritten.',
      );
    }
    throw new RegistryError('ACCOUNT_UNAVAILABLE', 'The keystore file cannot be written.');
  }
  return address;
}
