import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RegistryClient } from '../../../contracts/registry-client.ts';
import { encodeCrl } from '../../../credential/crl.ts';
import { replaceFile } from '../../../verifier/node/atomic-file.ts';
import type { DirectoryIssuer } from '../../../verifier/node/vci-directory.ts';
import { each } from './carry-out.ts';
import type { RegistryState } from './import-plan.ts';
import { listsOf, planMirror } from './mirror-plan.ts';
import type { MirroredList, NotMirrored } from './mirror-plan.ts';
import type { Bar } from './progress-bar.ts';
import { writeOrLeave } from './refused.ts';
import type { Refused } from './refused.ts';

export interface Mirrored {
  readonly anchored: number;
  readonly notMirrored: readonly NotMirrored[];
  /** Anchors that the contract did not take. */
  readonly refused: readonly Refused[];
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
  const issuers = new Map(trust.issuers.map(({ id, iss }) => [id, iss]));
  const refused: Refused[] = [];
  const left = new Set<string>();
  const anchored = await each(how.bar, 'Anchors', plan.anchors, async (anchor) => {
    const { issuerId, list: kid } = anchor;
    const named = { iss: issuers.get(issuerId) ?? `issuer ${issuerId}`, kid };
    const written = await writeOrLeave(named, refused, () => client.anchor(anchor));
    if (!written) left.add(`${issuerId}/${kid}`);
    return written;
  });
  const published: string[] = [];
  for (const list of plan.lists) {
    if (how.out === undefined || left.has(`${list.issuerId}/${list.kid}`)) continue;
    published.push(await publish(list, how.out));
  }
  return { anchored, notMirrored: [...notMirrored, ...plan.notMirrored], refused, published };
}

async function publish({ issuerId, ...list }: MirroredList, out: string): Promise<string> {
  const folder = join(String(issuerId), 'crl');
  await mkdir(join(out, folder), { recursive: true });
  const path = join(folder, `${list.kid}.json`);
  await replaceFile(join(out, path), `${JSON.stringify(encodeCrl(list))}\n`);
  return path;
}
