// Builds the pages that programs serve, by Vite: the scanner. What is built anew has a folder of its own by the digest
// of everything that it is made from, so that a checkout builds once and a built folder never changes.
//
//   node .ci/pages.mjs             build unless it is there; says the folder, and on stderr when it builds

import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = join(ROOT, 'verifier', 'web');
/** What the page is made from: its own sources, what it imports, and the packages. */
const SOURCES = [
  'verifier/web',
  'verifier/pipeline',
  'credential',
  'contracts/abi.ts',
  'contracts/attestation.ts',
];
const OTHERS = ['package-lock.json', '.ci/pages.mjs'];

const COMMON = {
  root: PAGE,
  configFile: false,
  envDir: false,
  logLevel: 'warn',
};
/** On a busy machine it would say which plugin was slow. */
const QUIET = { checks: { pluginTimings: false } };
/** The oldest browsers with WebCrypto, module workers, OffscreenCanvas and Map.groupBy, which we make use of. */
const TARGET = ['chrome117', 'firefox119', 'safari17.4'];

/** Build the scanner into a folder. */
export async function buildPages(folder) {
  await build({
    ...COMMON,
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: TARGET,
      assetsInlineLimit: 0,
      modulePreload: false,
      rolldownOptions: QUIET,
    },
    worker: { format: 'es' },
  });
  const files = filesIn(folder).toSorted();
  await build({
    ...COMMON,
    publicDir: false,
    // The service worker keeps exactly these, under the name of exactly this version.
    define: {
      PAGE_FILES: JSON.stringify(files.map((file) => `/${file}`)),
      PAGE_VERSION: JSON.stringify(digestOf(folder, files)),
    },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: TARGET,
      rolldownOptions: {
        ...QUIET,
        input: join(PAGE, 'service-worker.ts'),
        output: { format: 'iife', entryFileNames: 'service-worker.js' },
      },
    },
  });
}

/** The folder of the scanner built from what this checkout holds now. */
export async function builtPages() {
  const sources = SOURCES.flatMap((source) =>
    source.endsWith('.ts') ? [source] : filesIn(join(ROOT, source)).map((file) => `${source}/${file}`),
  );
  const version = digestOf(ROOT, [...OTHERS, ...sources].toSorted());
  const folder = join(ROOT, '.pratique', 'pages', `scanner-${version}`);
  if (existsSync(folder)) return folder;
  console.error('Building the scanner page, once …');
  // Another process may build it too: whoever comes second throws its own away.
  const own = `${folder}.${randomUUID()}`;
  try {
    await buildPages(own);
    renameSync(own, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
  return folder;
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

function digestOf(folder, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const bytes = readFileSync(join(folder, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex').slice(0, 16);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await builtPages());
