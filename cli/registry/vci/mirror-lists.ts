import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RegistryClient } from '../../../contracts/registry-client.ts';
import { encodeCrl } from '../../../credential/crl.ts';
import { replaceFile } from '../../../verifier/node/atomic-file.ts';
import type { DirectoryIssuer } from '../../../verifier/node/vci-directory.ts';
import { anchorAll } from './carry-out.ts';
import type { RegistryState } from './import-plan.ts';
import { listsOf, planMirror } from './mirror-plan.ts';
import type { MirroredList, NotMirrored } from './mirror-plan.ts';
import type { Bar } from './progress-bar.ts';

export interface Mirrored {
  readonly anchored: number;
  readonly notMirrored: readonly NotMirrored[];
  /** Files written, below the folder that was named. */
  readonly published: readonly string[];
}

/**
 * Anchor the revocation lists of issuers elsewhere, and write them out for venues: `<issuer number>/crl/<kid>.json`, as
 * SMART Health Cards have them.
 */
export async function mirrorLists(
  client: RegistryClient,
  directory: readonly DirectoryIssuer[],
  { trust }: RegistryState,
  how: { readonly out: string | undefined; readonly bar: Bar },
): Promise<Mirrored> {
  const { lists, notMirrored } = listsOf(directory, trust);
  const held = await client.anchorsOf(lists.map(({ issuerId, kid }) => ({ issuerId, list: kid })));
  const plan = planMirror(lists, held);
  await anchorAll(client, plan.anchors, how.bar);
  const { out } = how;
  const published = out === undefined ? [] : await Promise.all(plan.lists.map((list) => publish(list, out)));
  return { anchored: plan.anchors.length, notMirrored: [...notMirrored, ...plan.notMirrored], published };
}

async function publish({ issuerId, ...list }: MirroredList, out: string): Promise<string> {
  const folder = join(String(issuerId), 'crl');
  await mkdir(join(out, folder), { recursive: true });
  const path = join(folder, `${list.kid}.json`);
  await replaceFile(join(out, path), `${JSON.stringify(encodeCrl(list))}\n`);
  return path;
}
