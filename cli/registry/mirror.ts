import type { MirrorOptions } from './commands/vci.ts';
import { openSender } from './connect.ts';
import { print } from './print.ts';
import { mirrorLists } from './vci/mirror-lists.ts';
import { barFor } from './vci/progress-bar.ts';
import { readRegistryState } from './vci/registry-state.ts';
import { readSnapshot } from './vci/snapshot.ts';

/** `pratique registry mirror`: anchor what issuers elsewhere published of whom they revoked, every day anew. */
export async function runMirror(path: string, options: MirrorOptions): Promise<void> {
  const { issuers } = await readSnapshot(path, options);
  const client = await openSender(options);
  const bar = barFor(options);
  const mirrored = await mirrorLists(client, issuers, await readRegistryState(options), {
    out: options.out,
    bar,
  });
  const { anchored, notMirrored, published } = mirrored;
  print(
    mirrored,
    [
      `${anchored} revocation lists anchored, ${published.length} published`,
      ...notMirrored.map(({ code, iss, kid }) => `  no anchor  ${iss} key ${kid}: ${code}`),
    ],
    options,
  );
}
