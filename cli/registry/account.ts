import { readAccounts } from '../../contracts/registry-account.ts';
import { makeKeystore } from '../../contracts/keystore.ts';
import { readChainId } from '../../contracts/log-reader.ts';
import { readPassphrase } from '../issuer/passphrase.ts';
import type { ListAccountsOptions, NewAccountOptions } from './commands/account.ts';
import { print } from './print.ts';

/** `pratique registry account new`. */
export async function newAccount(file: string, options: NewAccountOptions): Promise<void> {
  const passphrase = await readPassphrase({
    file: options.keystorePassphraseFile,
    question: 'New passphrase for the keystore',
    confirm: true,
  });
  const address = await makeKeystore(file, passphrase);
  print({ address, file }, [address], options);
}

/** `pratique registry account list`. */
export async function listAccounts({ rpc, chainId, json }: ListAccountsOptions): Promise<void> {
  await readChainId(rpc, chainId === undefined ? {} : { expectedChainId: chainId });
  const accounts = await readAccounts(rpc);
  const lines = accounts.map((account, number) => `${number}  ${account}`);
  print(
    { accounts },
    lines.length === 0 ? ['This node holds no account; send from a keystore.'] : lines,
    json === true ? { json } : {},
  );
}
