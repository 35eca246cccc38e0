// Conventions that no other tool sees to: names of files, exact versions, a lock file without a registry's address,
// README commands that exist. Says each breach in a line and exits 1.

import { existsSync, readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { basename, dirname } from 'node:path';

const breaches = [];

/** Committed files and new ones; not what git ignores. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => file !== '' && existsSync(file));

// A file is named by its noun in the standards; these names say nothing and gather everything.
const EMPTY_NAMES =
  /^(utils?|helpers?|common|misc|shared|lib)$|^(types|constants|interfaces|index)\.[cm]?[jt]s$/i;
const EMPTY_FOLDERS = /^(services|models|controllers|managers)$/i;
for (const file of files) {
  const folders = dirname(file).split('/');
  const stem = basename(file).replace(/(\.test)?\.[^.]+$/, '');
  if (EMPTY_NAMES.test(basename(file)) || EMPTY_NAMES.test(stem))
    breaches.push(`${file}: a name without a noun.`);
  if (folders.some((folder) => EMPTY_NAMES.test(folder) || EMPTY_FOLDERS.test(folder))) {
    breaches.push(`${file}: a folder's name without a noun.`);
  }
}

// Anyone's install gets what ours got.
const declared = JSON.parse(readFileSync('package.json', 'utf8'));
const pinned = JSON.parse(readFileSync('.ci/pinned-node/package.json', 'utf8'));
for (const list of [declared.dependencies, declared.devDependencies, pinned.optionalDependencies]) {
  for (const [name, version] of Object.entries(list)) {
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version) && !version.startsWith('file:.ci/')) {
      breaches.push(`package.json: ${name} is not pinned to one version.`);
    }
  }
}

// A lock file that names a registry makes every install ask that one.
const locked = JSON.parse(readFileSync('package-lock.json', 'utf8'));
for (const [path, { resolved }] of Object.entries(locked.packages)) {
  if (resolved !== undefined && /^[a-z+]+:|^\/\//i.test(resolved)) {
    breaches.push(`package-lock.json: ${path} says where it was fetched from.`);
  }
}

// A newcomer types what the README and the papers say.
for (const file of files.filter((name) => name.endsWith('.md'))) {
  const text = readFileSync(file, 'utf8');
  for (const [command, , name = ''] of text.matchAll(/\bnpm (run (?:-s )?([\w:-]+)|start|test)\b/g)) {
    const script = name === '' ? command.slice('npm '.length) : name;
    if (declared.scripts[script] === undefined) breaches.push(`${file}: there is no "${command}".`);
  }
  for (const [, target] of text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)) {
    if (!existsSync(new URL(target, new URL(file, `file://${process.cwd()}/`)))) {
      breaches.push(`${file}: the link to ${target} leads nowhere.`);
    }
  }
}

for (const breach of breaches) console.error(breach);
process.exitCode = breaches.length > 0 ? 1 : 0;
