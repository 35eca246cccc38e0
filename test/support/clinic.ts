import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { initIssuer } from '../../agent/issuer-folder.ts';
import { connectRegistry, type RegistryClient } from '../../contracts/registry-client.ts';
import { now, startFederation, type Federation } from './federation.ts';

/** An accredited issuer of a federation that has no key yet, for the command line to go on with. */
export interface Clinic {
  readonly federation: Federation;
  readonly dir: string;
  /** File with the passphrase. */
  readonly secret: string;
  /** The options that reach its registry, with the account that controls it. */
  readonly chain: readonly string[];
  readonly client: RegistryClient;
  readonly issuerId: number;
}

const ACCOUNT = 4;

/** Starts a federation with such an issuer beside its own; whoever starts it stops the federation. */
export async function startClinic(
  place: 'east' | 'west',
  passphrase = `a passphrase of the ${place}`,
): Promise<Clinic> {
  const federation = await startFederation();
  const { folder, rpcUrl, registry } = federation;
  const [dir, secret] = [join(folder, place), join(folder, `${place}-passphrase`)];
  await writeFile(secret, passphrase);
  const [iss, name] = [`https://${place}.example/health`, place === 'east' ? 'East Clinic' : 'West Clinic'];
  await (await initIssuer({ dir, passphrase, iss, name, kdfCost: 2 ** 14 })).close();
  const client = await connectRegistry({ rpcUrl, address: registry, account: ACCOUNT });
  const { issuerId } = await federation.accreditor.registerIssuer({
    iss,
    name,
    statusBase: iss,
    jurisdiction: 'US-NY',
    controller: await client.sender(),
    accreditedFrom: now() - 60,
    accreditedUntil: 0,
    attestations: 0,
    status: 'active',
  });
  const chain = ['--rpc', rpcUrl, '--registry', registry, '--account', String(ACCOUNT)];
  return { federation, dir, secret, chain, client, issuerId };
}
