import type { RegistryBinding } from '../../agent/issuer-identity.ts';
import type { Issuer } from '../../agent/issuer.ts';
import { IssuerError } from '../../agent/issuer-error.ts';
import { connectRegistry, type RegistryClient } from '../../contracts/registry-client.ts';
import { senderChoice } from '../registry/connect.ts';
import type { SenderOptions } from '../registry/options.ts';

/** Options of the subcommands that reach the chain. */
export interface ChainOptions extends SenderOptions {
  readonly rpc?: string;
  readonly registry?: string;
  readonly issuerId?: number;
}

/** A registry client for an issuer, and the binding it goes by. */
export interface Connection {
  readonly client: RegistryClient;
  readonly binding: RegistryBinding & { readonly rpcUrl: string };
}

/** Who sends, its passphrase read. */
export type SenderChoice = Awaited<ReturnType<typeof senderChoice>>;

/**
 * Connects to the issuer's registry, by what is said or else remembered, and remembers it.
 *
 * IssuerError REGISTRY_NOT_BOUND if neither is there, or the registry does not know the issuer's iss; RegistryError.
 */
export async function connectIssuer(
  issuer: Issuer,
  options: ChainOptions,
  sender?: SenderChoice,
): Promise<Connection> {
  const bound = issuer.registry;
  const rpcUrl = options.rpc ?? bound?.rpcUrl;
  const address = options.registry ?? bound?.registry;
  if (rpcUrl === undefined || address === undefined) {
    throw new IssuerError('REGISTRY_NOT_BOUND', 'Say --rpc and --registry once; they are remembered.');
  }
  const remembered = bound?.registry.toLowerCase() === address.toLowerCase() ? bound : undefined;
  const client = await connectRegistry({
    rpcUrl,
    address,
    // Another chain may answer at the same URL.
    ...(remembered === undefined ? {} : { chainId: remembered.chainId }),
    ...(sender ?? (await senderChoice(options))),
  });
  const issuerId = options.issuerId ?? remembered?.issuerId ?? (await client.issuerIdOf(issuer.iss));
  if (issuerId === 0) {
    throw new IssuerError(
      'REGISTRY_NOT_BOUND',
      'No accreditor has registered this issuer in the registry yet.',
    );
  }
  const binding = { chainId: client.chainId, registry: address, issuerId, rpcUrl };
  await issuer.bindRegistry(binding);
  return { client, binding };
}
