import { connectRegistry, type RegistryClient } from '../../contracts/registry-client.ts';
import { RegistryError } from '../../contracts/registry-error.ts';
import { readPassphrase } from '../issuer/passphrase.ts';
import { withProgress } from '../trust/progress.ts';
import type { RegistryOptions, SenderOptions, WriteOptions } from './options.ts';

/** Write as the options say who sends; says meanwhile, where people read, that a block is awaited. */
export async function withSender<T>(
  options: WriteOptions,
  write: (client: RegistryClient) => Promise<T>,
): Promise<T> {
  const client = await connectRegistry({ ...connectionOf(options), ...(await senderChoice(options)) });
  const work = async (): Promise<T> => write(client);
  return options.json === true ? work() : withProgress('Waiting for the chain', work);
}

/** A client that only reads. */
export async function connectReader(options: RegistryOptions): Promise<RegistryClient> {
  return connectRegistry(connectionOf(options));
}

function connectionOf({ rpc, registry, chainId }: RegistryOptions): {
  rpcUrl: string;
  address: string;
  chainId?: number;
} {
  return { rpcUrl: rpc, address: registry, ...(chainId === undefined ? {} : { chainId }) };
}

/** Who sends: an account of the node, or the keystore with its passphrase. */
export async function senderChoice(
  options: SenderOptions,
): Promise<{ account: number | string } | { keystore: { path: string; passphrase: string } }> {
  const { account, keystore: path, keystorePassphraseFile: file } = options;
  if (path === undefined) return { account: /^\d+$/.test(account) ? Number(account) : account };
  const passphrase = await readPassphrase({ file, question: 'Passphrase of the keystore' });
  return { keystore: { path, passphrase } };
}

/** The number of an issuer named by number or iss; REVERTED if the registry has none of that iss. */
export async function issuerNumber(client: RegistryClient, issuer: string): Promise<number> {
  if (/^\d{1,15}$/.test(issuer)) return Number(issuer);
  const issuerId = await client.issuerIdOf(issuer);
  if (issuerId === 0) throw new RegistryError('REVERTED', 'The registry has no issuer of this iss.');
  return issuerId;
}
