import { connectRegistry, type RegistryClient } from '../../contracts/registry-client.ts';
import { RegistryError } from '../../contracts/registry-error.ts';
import { readPassphrase } from '../issuer/passphrase.ts';
import type { RegistryOptions, SenderOptions, WriteOptions } from '../registry.ts';

/** A client that sends as the options say. */
export async function connectSender(options: WriteOptions): Promise<RegistryClient> {
  return connectRegistry({
    rpcUrl: options.rpc,
    address: options.registry,
    ...(await senderChoice(options)),
  });
}

/** A client that only reads. */
export async function connectReader(options: RegistryOptions): Promise<RegistryClient> {
  return connectRegistry({ rpcUrl: options.rpc, address: options.registry });
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
