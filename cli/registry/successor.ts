import { moment } from '../../contracts/moment.ts';
import { ZERO_ADDRESS } from '../../contracts/registry-encoding.ts';
import type { SuccessorOptions } from './commands/governance.ts';
import { withSender } from './connect.ts';
import type { RegistryOptions, WriteOptions } from './options.ts';
import { print, printWritten } from './print.ts';
import { verifiedHistory } from './verified-history.ts';

/** `pratique registry successor announce`. */
export async function announceSuccessor(next: string, options: SuccessorOptions): Promise<void> {
  const written = await withSender(options, async (client) => {
    const chainId = options.onChain ?? client.chainId;
    return { ...(await client.announceSuccessor(chainId, next)), successor: { chainId, registry: next } };
  });
  const { chainId } = written.successor;
  printWritten(`${next} on chain ${chainId} is announced to follow this registry`, written, options);
}

/** `pratique registry successor withdraw`. */
export async function withdrawSuccessor(options: WriteOptions): Promise<void> {
  const written = await withSender(options, (client) => client.announceSuccessor(client.chainId, null));
  printWritten('No registry is announced to follow this one', written, options);
}

/** `pratique registry successor show`: from a log whose head was compared; the last announcement counts. */
export async function showSuccessor(options: RegistryOptions): Promise<void> {
  const { entries } = await verifiedHistory(options);
  const last = entries.findLast(({ event }) => event === 'SuccessorAnnounced');
  const { registry, chainId } = last?.details ?? {};
  if (last === undefined || registry === ZERO_ADDRESS) {
    print({ successor: null }, ['No registry is announced to follow this one'], options);
    return;
  }
  const { time, by } = last;
  print(
    { successor: { registry, chainId, time, by } },
    [`${registry} on chain ${chainId} is to follow this registry, announced ${moment(time)} by ${by}`],
    options,
  );
}
