import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { encodeCompactList } from '../credential/compact-list.ts';
import { crlFromStatusList, encodeCrl } from '../credential/crl.ts';
import { encodeStatusList } from '../credential/encoded-list.ts';
import { encodeCompactJws, encodeSigningInput } from '../credential/jws.ts';
import { blockWithProof } from '../credential/list-block.ts';
import { encodeListDelta } from '../credential/list-delta.ts';
import { statusListCredential } from '../credential/status-list-credential.ts';
import { BLOCK_BITS, type ListVersion, type StatusList } from '../credential/status-list.ts';
import { encodeTokenStatusList, tokenFromStatusList } from '../credential/token-status-list.ts';
import { statusListUrl, type VcIssuer } from '../credential/verifiable-credential.ts';
import type { IssuerAgent } from './agent.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { signBytes, signVc } from './card-signer.ts';
import { IssuerError } from './issuer-error.ts';
import { VC_JWT } from './vc-jwt-provider.ts';

/** A status list in the forms that carry a signature. */
export interface SignedList {
  /** A BitstringStatusListCredential as vc+jwt. */
  readonly credential: string;
  /** A Status List Token of the IETF draft, as JWT. */
  readonly token: string;
}

/**
 * Signs the list of a key's cards, with that key or, if its private part is gone, with another of the issuer.
 *
 * @param signer its kid, and when, in Unix seconds. IssuerError KEY_UNKNOWN.
 */
export async function signList(
  agent: IssuerAgent,
  issuer: VcIssuer,
  list: StatusList,
  signer: { readonly kid: string; readonly now: number },
): Promise<SignedList> {
  const validFrom = Math.floor(signer.now);
  const { did } = issuer;
  const { kid } = signer;
  const credential = await signVc(agent, VC_JWT, statusListCredential(issuer, { list, validFrom }), kid);
  const claims = {
    sub: statusListUrl(issuer),
    iat: validFrom,
    status_list: encodeTokenStatusList(tokenFromStatusList(list)),
  };
  const input = encodeSigningInput(
    { alg: 'ES256', kid: `${did}#${kid}`, typ: 'statuslist+jwt' },
    Buffer.from(JSON.stringify(claims)),
  );
  return { credential, token: encodeCompactJws(input, await signBytes(agent, kid, Buffer.from(input))) };
}

/**
 * Writes a version of a list in every form under a folder that a web server can serve as it is, each block of it with its
 * proof, and the changes that lead to it from the versions before; each file whole or not at all.
 *
 * IssuerError OUTPUT_UNWRITABLE.
 */
export async function publishList(
  outDir: string,
  version: ListVersion,
  {
    signed,
    earlier,
  }: {
    readonly signed: SignedList;
    readonly earlier: readonly { readonly counter: number; readonly list: () => StatusList }[];
  },
): Promise<readonly string[]> {
  const { kid, counter, list } = version;
  const status = join(outDir, 'status');
  const files: [string, string | Uint8Array][] = [
    [join(status, `${kid}.list`), encodeCompactList(version)],
    // Where the VCs say that it is.
    [join(status, kid), signed.credential],
    [join(status, `${kid}.statuslist.jwt`), signed.token],
    [join(status, `${kid}.json`), json({ kid, counter, encodedList: encodeStatusList(list) })],
    // Where a health card's verifier looks.
    [
      join(outDir, '.well-known', 'crl', `${kid}.json`),
      json(encodeCrl(crlFromStatusList(kid, counter, list))),
    ],
  ];
  try {
    for (const [path] of files) await mkdir(dirname(path), { recursive: true });
    files.push(...(await missingDeltas(status, kid, earlier)));
    for (const [path, content] of files) await writeFileAtomic(path, content);
    await writeBlocks(join(outDir, 'blocks', kid), version);
    await removeOldDeltas(status, kid, earlier[0]?.counter ?? counter);
  } catch (error) {
    throw new IssuerError('OUTPUT_UNWRITABLE', 'The revocation lists cannot be written there.', {
      cause: error,
    });
  }
  return files.map(([path]) => path);
}

/** For whoever wants no more than the herd of one card; in a folder of their own, since a venue takes the whole list. */
async function writeBlocks(folder: string, version: ListVersion): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let number = 0; number < version.list.length / BLOCK_BITS; number++) {
    await writeFileAtomic(join(folder, String(number)), blockWithProof(version, number));
  }
}

/** The steps between anchored versions that are not there yet: what a step is never changes. */
async function missingDeltas(
  folder: string,
  kid: string,
  versions: readonly { readonly counter: number; readonly list: () => StatusList }[],
): Promise<readonly [string, Uint8Array][]> {
  const there = new Set(await readdir(folder));
  return versions.slice(1).flatMap((later, index) => {
    const before = versions[index];
    const name = `${kid}.${before?.counter ?? 0}-${later.counter}.delta`;
    if (before === undefined || there.has(name)) return [];
    const [from, to] = [before, later].map(({ counter, list }) => ({ counter, list: list() }));
    return from === undefined || to === undefined
      ? []
      : [[join(folder, name), encodeListDelta(kid, from, to)]];
  });
}

/** Steps that start before the oldest version kept lead nowhere any more. */
async function removeOldDeltas(folder: string, kid: string, oldest: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, from] = name.startsWith(`${kid}.`) ? (/\.(\d+)-\d+\.delta$/.exec(name) ?? []) : [];
    if (from !== undefined && Number(from) < oldest) await rm(join(folder, name), { force: true });
  }
}

function json(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
