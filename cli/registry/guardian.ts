import { moment } from '../../contracts/moment.ts';
import { encodeAddress } from '../../contracts/registry-encoding.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import { readGuardianOffers } from '../../contracts/role-offers.ts';
import { connectReader, withSender } from './connect.ts';
import type { RegistryOptions, WriteOptions } from './options.ts';
import { print, printWritten } from './print.ts';

interface Guardian {
  readonly account: string;
  readonly guardian: boolean;
  /** Unix seconds; 0 if it was not offered. */
  readonly mayAcceptFrom: number;
}

/** `pratique registry guardian show`: nobody is guardian who was not offered to be one. */
export async function showGuardian(account: string | undefined, options: RegistryOptions): Promise<void> {
  const client = await connectReader(options);
  if (account !== undefined) {
    const guardian = await guardianOf(client, account);
    print(guardian, [inWords(guardian)], options);
    return;
  }
  const all = [];
  for (const each of await readGuardianOffers(options.rpc, options.registry)) {
    all.push(await guardianOf(client, encodeAddress(each)));
  }
  const guardians = all.filter(({ guardian, mayAcceptFrom }) => guardian || mayAcceptFrom > 0);
  print({ guardians }, guardians.length === 0 ? ['No guardians'] : guardians.map(inWords), options);
}

/** `pratique registry guardian offer`. */
export async function offerGuardian(account: string, options: WriteOptions): Promise<void> {
  const written = await withSender(options, (client) => client.offerGuardian(account));
  printWritten(`${account} may become guardian from ${moment(written.notBefore)} on`, written, options);
}

/** `pratique registry guardian accept`. */
export async function acceptGuardian(options: WriteOptions): Promise<void> {
  const written = await withSender(options, async (client) => ({
    ...(await client.acceptGuardian()),
    guardian: await client.sender(),
  }));
  printWritten(`${written.guardian} is guardian`, written, options);
}

/** `pratique registry guardian revoke`. */
export async function revokeGuardian(account: string, options: WriteOptions): Promise<void> {
  const written = await withSender(options, (client) => client.revokeGuardian(account));
  printWritten(`${account} is neither guardian nor offered to be one`, written, options);
}

/** `pratique registry guardian renounce`. */
export async function renounceGuardian(options: WriteOptions): Promise<void> {
  const written = await withSender(options, (client) => client.renounceGuardian());
  printWritten('The sender is guardian no longer', written, options);
}

async function guardianOf(client: RegistryClient, account: string): Promise<Guardian> {
  return {
    account,
    guardian: await client.isGuardian(account),
    mayAcceptFrom: await client.guardianOfferOf(account),
  };
}

function inWords({ account, guardian, mayAcceptFrom }: Guardian): string {
  if (guardian) return `${account} is guardian`;
  return mayAcceptFrom === 0
    ? `${account} is not guardian`
    : `${account} may become guardian from ${moment(mayAcceptFrom)} on`;
}
