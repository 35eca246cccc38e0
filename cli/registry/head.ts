import type { RegistryOptions } from './options.ts';
import { connectReader } from './connect.ts';
import { print } from './print.ts';

/** `pratique registry head`. */
export async function showHead(options: RegistryOptions): Promise<void> {
  const client = await connectReader(options);
  const { head, size, block } = await client.logHead();
  print(
    { chainId: client.chainId, registry: client.address, head, size, block },
    [`${head} after ${size} events, at block ${block} of chain ${client.chainId}`],
    options,
  );
}
