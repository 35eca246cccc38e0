// Builds the pages that programs serve, by Vite: the scanner and the wallet. What is built anew has a folder of its own
// by the digest of everything that it is made from, so that a checkout builds once and a built folder never changes.
//
//   node .ci/pages.mjs scanner     build unless it is there; says the folder, and on stderr when it builds
//   node .ci/pages.mjs wallet      likewise

import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Shared by all that decides in a browser. */
const DECIDING = ['verifier/pipeline', 'credential', 'contracts/abi.ts', 'contracts/attestation.ts'];
/** A page: its folder, what it is made from besides the packages, and the addresses that it answers at. */
const PAGES = {
  scanner: { folder: 'verifier/web', sources: ['verifier/web', ...DECIDING], addresses: ['/'] },
  wallet: {
    folder: 'wallet/web',
    sources: ['wallet', 'verifier/web/parts', ...DECIDING],
    // SMART Health Cards' deep links lead to the second.
    addresses: ['/', '/SMARTHealthCard/'],
  },
};
const SERVICE_WORKER = join(ROOT, 'verifier', 'web', 'parts', 'service-worker.ts');
const OTHERS = ['package-lock.json', '.ci/pages.mjs'];

/** On a busy machine it would say which plugin was slow. */
const QUIET = { checks: { pluginTimings: false } };
/** The oldest browsers with WebCrypto, module workers, OffscreenCanvas and Map.groupBy, which we make use of. */
const TARGET = ['chrome117', 'firefox119', 'safari17.4'];

/** Build every page that there is into a folder of its name. */
export async function buildPages(folder) {
  for (const name of Object.keys(PAGES)) await buildPage(name, join(folder, name));
}

async function buildPage(name, folder) {
  const common = {
    root: join(ROOT, PAGES[name].folder),
    configFile: false,
    envDir: false,
    logLevel: 'warn',
  };
  await build({
    ...common,
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: TARGET,
      assetsInlineLimit: 0,
      modulePreload: false,
      // A test holds each page to what it may weigh, gzipped.
      chunkSizeWarningLimit: 1000,
      rolldownOptions: QUIET,
    },
    worker: { format: 'es' },
  });
  const files = filesIn(folder).toSorted();
  await build({
    ...common,
    publicDir: false,
    // The service worker keeps exactly these, under the name of exactly this version.
    define: {
      PAGE_NAME: JSON.stringify(name),
      PAGE_ADDRESSES: JSON.stringify(PAGES[name].addresses),
      PAGE_FILES: JSON.stringify(files.map((file) => `/${file}`)),
      PAGE_VERSION: JSON.stringify(digestOf(folder, files)),
    },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: TARGET,
      rolldownOptions: {
        ...QUIET,
        input: SERVICE_WORKER,
        output: { format: 'iife', entryFileNames: 'service-worker.js' },
      },
    },
  });
}

/**
 * The folder of a page built from what this checkout holds now.
 *
 * @param {keyof typeof PAGES} name
 */
async function builtPage(name) {
  const sources = PAGES[name].sources.flatMap((source) =>
    source.endsWith('.ts') ? [source] : filesIn(join(ROOT, source)).map((file) => `${source}/${file}`),
  );
  const version = digestOf(ROOT, [...OTHERS, ...sources].toSorted());
  const folder = join(ROOT, '.pratique', 'pages', `${name}-${version}`);
  if (existsSync(folder)) return folder;
  console.error(`Building the ${name} page, once …`);
  // Another process may build it too: whoever comes second throws its own away.
  const own = `${folder}.${randomUUID()}`;
  try {
    await buildPage(name, own);
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , name = ''] = process.argv;
  if (!Object.hasOwn(PAGES, name)) {
    console.error(`Say which page: ${Object.keys(PAGES).join(' or ')}.`);
    process.exit(2);
  }
  console.log(await builtPage(name));
}
