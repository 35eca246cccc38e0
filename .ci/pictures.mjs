// Holds docs/pictures against what the pictures show: none older than its page, none that no text shows, none missing.
//
//   node .ci/pictures.mjs            the check
//   node .ci/pictures.mjs --digests  what each group of pictures is made from, as digests

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { basename, dirname, join, posix } from 'node:path';

const FOLDER = 'docs/pictures';
const MANIFEST = join(FOLDER, 'pictures.json');

/** What is to be seen in the pictures of a group: what draws it, its words, and how one gets there. */
const SOURCES = {
  scanner: ['verifier/web', 'verifier/pipeline/words', 'verifier/pipeline/words.ts', 'test/pictures/scanner'],
  wallet: ['wallet/web', 'verifier/web/parts', 'test/pictures/wallet'],
  desk: ['agent/desk', 'test/agent/desk/desk-pictures.test.ts'],
  setup: ['verifier/node/tls', 'test/verifier/node/tls/setup-browser.test.ts'],
  start: ['cli/start', 'cli/steps.ts', 'test/pictures/start'],
};

/** A change of a text's end of line, or of a test beside it, is none of the page. */
function digestOf(sources) {
  const files = sources
    .flatMap((source) => (/\.\w+$/.test(source) ? [source] : filesIn(source)))
    .filter((file) => existsSync(file));
  const hash = createHash('sha256');
  for (const file of files.toSorted()) {
    const bytes = readFileSync(file);
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex').slice(0, 16);
}

function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.join(entry.parentPath, entry.name));
}

const digests = Object.fromEntries(
  Object.entries(SOURCES).map(([group, sources]) => [group, digestOf(sources)]),
);

function* breaches() {
  const manifest = existsSync(MANIFEST) ? JSON.parse(readFileSync(MANIFEST, 'utf8')) : {};
  for (const [group, digest] of Object.entries(digests)) {
    const made = manifest[group];
    if (made?.digest !== digest) {
      yield `${FOLDER}: the pictures of the ${group} are older than what they show: npm run pictures -- ${group}`;
    }
    for (const name of made?.pictures ?? []) {
      if (!existsSync(join(FOLDER, name))) yield `${FOLDER}/${name} is missing: npm run pictures -- ${group}`;
    }
  }
  const made = new Set(Object.values(manifest).flatMap(({ pictures }) => pictures));
  const shown = shownPictures();
  for (const [picture, file] of shown) {
    if (!existsSync(picture)) yield `${file}: there is no picture ${picture}.`;
  }
  for (const name of readdirSync(FOLDER)) {
    if (name === basename(MANIFEST)) continue;
    if (!shown.has(`${FOLDER}/${name}`)) yield `${FOLDER}/${name}: no text shows it.`;
    if (name.endsWith('.png') && !made.has(name))
      yield `${FOLDER}/${name}: npm run pictures does not make it.`;
  }
}

/** Every picture of that folder that a text shows or leads to, and the text. */
function shownPictures() {
  const texts = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    encoding: 'utf8',
  });
  const shown = new Map();
  for (const file of texts.split('\n').filter((name) => name !== '' && existsSync(name))) {
    for (const [, link = '', source = ''] of readFileSync(file, 'utf8').matchAll(
      /\]\(([^)\s]*pictures\/[^)\s]+)\)|<img\b[^>]*?\bsrc="([^"]*pictures\/[^"]+)"/g,
    )) {
      shown.set(posix.join(dirname(file), link + source), file);
    }
  }
  return shown;
}

if (process.argv.includes('--digests')) {
  console.log(JSON.stringify(digests));
} else {
  const found = [...breaches()];
  for (const breach of found) console.error(breach);
  process.exitCode = found.length > 0 ? 1 : 0;
}
