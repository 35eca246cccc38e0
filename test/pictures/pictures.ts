// npm run pictures [-- group …]: the pictures of the guides, made anew from what runs.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withoutChromium } from '../support/chromium.ts';
import type { Studio } from './take.ts';
import { studioIn } from './take.ts';

const FOLDER = fileURLToPath(new URL('../../docs/pictures', import.meta.url));
const MANIFEST = join(FOLDER, 'pictures.json');
const CHECK = fileURLToPath(new URL('../../.ci/pictures.mjs', import.meta.url));

const GROUPS = {
  scanner: async (studio) => (await import('./scanner/scanner.ts')).takeScanner(studio),
  wallet: async (studio) => (await import('./wallet/wallet.ts')).takeWallet(studio),
  desk: async (studio) => (await import('./guides.ts')).takeDesk(studio),
  setup: async (studio) => (await import('./guides.ts')).takeSetup(studio),
  start: async (studio) => (await import('./start/start.ts')).takeStart(studio),
} as const satisfies Record<string, (studio: Studio) => Promise<void>>;

type Group = keyof typeof GROUPS;
type Manifest = Partial<Record<Group, { readonly digest: string; readonly pictures: readonly string[] }>>;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const complain = (line: string): boolean => process.stderr.write(`${line}\n`);

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(GROUPS, name));
if (unknown.length > 0) {
  complain(`There are no pictures of ${unknown.join(', ')}; there are: ${Object.keys(GROUPS).join(', ')}.`);
  process.exit(64);
}
if (withoutChromium !== false) {
  complain('No Chromium on the PATH: install Debian’s package chromium to make pictures.');
  process.exit(69);
}

const groups = (Object.keys(GROUPS) as Group[]).filter(
  (group) => asked.length === 0 || asked.includes(group),
);
for (const [at, group] of groups.entries()) {
  const begun = performance.now();
  say(`${group} (${at + 1} of ${groups.length})`);
  const taken: string[] = [];
  await GROUPS[group](studioIn(FOLDER, taken));
  await note(group, taken);
  say(`  ${taken.length} pictures, ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}
const sizes = await Promise.all(
  Object.values(readManifest()).flatMap(({ pictures }) =>
    pictures.map(async (name) => (await stat(join(FOLDER, name))).size),
  ),
);
say(`${sizes.length} pictures, ${(sizes.reduce((sum, size) => sum + size, 0) / 1e6).toFixed(1)} MB`);

function readManifest(): Manifest {
  return existsSync(MANIFEST) ? (JSON.parse(readFileSync(MANIFEST, 'utf8')) as Manifest) : {};
}

/** Write down what these pictures were made from, and throw away those that are not made any more. */
async function note(group: Group, taken: readonly string[]): Promise<void> {
  const manifest = readManifest();
  for (const old of manifest[group]?.pictures ?? []) {
    if (!taken.includes(old)) await rm(join(FOLDER, old), { force: true });
  }
  const digests = JSON.parse(
    execFileSync(process.execPath, [CHECK, '--digests'], { encoding: 'utf8', cwd: join(FOLDER, '../..') }),
  ) as Record<Group, string>;
  const next = { ...manifest, [group]: { digest: digests[group], pictures: taken.toSorted() } };
  const ordered = Object.entries(next).toSorted(([one], [other]) => one.localeCompare(other));
  await writeFile(MANIFEST, `${JSON.stringify(Object.fromEntries(ordered), null, 2)}\n`);
}
