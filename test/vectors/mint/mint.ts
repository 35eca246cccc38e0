import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CASES } from './cases.ts';
import { bytes32 } from './p256.ts';
import { KEYS, TRUST_DOCUMENTS } from './trust.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Every file of the vectors by its path under `test/vectors/`: the same text whenever and wherever it is minted. */
export function mintAll(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const add = (path: string, json: object): void => {
    if (files.has(path)) throw new Error(`Two vectors have the name ${path}.`);
    files.set(path, `${JSON.stringify(json, null, 2)}\n`);
  };
  for (const vector of CASES.flat()) add(`${vector.name}.json`, vector);
  for (const [name, document] of Object.entries(TRUST_DOCUMENTS)) add(`trust/${name}.json`, document);
  for (const { name, kid, x, y, d } of Object.values(KEYS)) {
    const jwk = { kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid, x, y };
    add(`keys/${name}.json`, { ...jwk, d: bytes32(d).toString('base64url') });
  }
  return files;
}

/** The JSON files that are there, by the same paths. */
export async function mintedFiles(): Promise<ReadonlyMap<string, string>> {
  const paths = (await readdir(ROOT, { recursive: true })).filter((path) => path.endsWith('.json'));
  const files = paths.toSorted().map(async (path) => {
    return [path.replaceAll('\\', '/'), await readFile(join(ROOT, path), 'utf8')] as const;
  });
  return new Map(await Promise.all(files));
}

async function main(): Promise<void> {
  const minted = mintAll();
  for (const path of (await mintedFiles()).keys()) if (!minted.has(path)) await rm(join(ROOT, path));
  for (const [path, text] of minted) {
    await mkdir(dirname(join(ROOT, path)), { recursive: true });
    await writeFile(join(ROOT, path), text);
  }
  process.stdout.write(`${CASES.flat().length} vectors.\n`);
}

if (import.meta.main) await main();
