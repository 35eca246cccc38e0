import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type * as pkcs11js from 'pkcs11js';

import type { TokenPlace } from '../../agent/issuer.ts';

const MODULE = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
].find((path) => existsSync(path));
const exec = promisify(execFile);

export const PIN = '4711-token';
const SO_PIN = '0000-officer';

/** For `skip`: why a test on a token does not run, or false. */
export const withoutToken = await reasonToSkip();

async function reasonToSkip(): Promise<string | false> {
  if (MODULE === undefined) return 'No SoftHSM: install Debian’s package softhsm2 to run this test.';
  try {
    await import('pkcs11js');
    return false;
  } catch {
    return 'pkcs11js is not built: `npm run build:pkcs11` to run this test.';
  }
}

/** For `skip`: why a test on a token that fails does not run, or false. */
export const withoutFaultyToken =
  withoutToken ||
  (await exec('g++', ['--version']).then(
    () => false as const,
    () => 'No g++ on the PATH: install Debian’s package g++ to run this test.',
  ));

/** Tokens of SoftHSM in a folder of their own, for this process and those that it starts. */
export interface Tokens {
  readonly place: (label: string) => TokenPlace;
  /** Pulls every token; its sessions are closed, or shown as if nothing had happened, by some libraries without keys. */
  readonly pull: (sessions?: 'closed' | 'shown') => Promise<void>;
  /** Plugs them in again. */
  readonly plugIn: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Makes tokens with those labels, whose PIN is `PIN`. */
export async function makeTokens(...labels: readonly string[]): Promise<Tokens> {
  const folder = await mkdtemp(join(tmpdir(), 'pratique-tokens-'));
  const [tokens, away, conf] = ['tokens', 'away', 'softhsm2.conf'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [tokens, away]) await mkdir(each);
  await writeFile(conf, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  process.env['SOFTHSM2_CONF'] = conf;
  for (const label of labels) {
    const words = ['--init-token', '--free', '--label', label, '--pin', PIN, '--so-pin', SO_PIN];
    await exec('softhsm2-util', words);
  }
  const move = async (from: string, to: string): Promise<void> => {
    for (const name of await readdir(from)) await rename(join(from, name), join(to, name));
  };
  return {
    place: (token) => ({ module: MODULE ?? '', token }),
    async pull(sessions = 'closed') {
      await move(tokens, away);
      if (sessions === 'closed') await closeSessions();
    },
    plugIn: () => move(away, tokens),
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}

/** SoftHSM behind a library that fails as it is told: see `faulty-token.cpp`. */
export interface FaultyTokens extends Tokens {
  /** From now on, lines of "function fault times". */
  readonly fail: (...plan: readonly string[]) => Promise<void>;
  /** How often a function was called since then. */
  readonly calls: (name: string) => Promise<number>;
  /** How many sessions are open. */
  readonly sessions: () => Promise<number>;
}

/** `makeTokens` behind a library that fails as it is told; compiled here. */
export async function makeFaultyTokens(...labels: readonly string[]): Promise<FaultyTokens> {
  const tokens = await makeTokens(...labels);
  const folder = await mkdtemp(join(tmpdir(), 'pratique-faulty-'));
  const [module, plan] = [join(folder, 'faulty-token.so'), join(folder, 'plan')];
  const source = fileURLToPath(new URL('../agent/token/faulty-token.cpp', import.meta.url));
  const headers = fileURLToPath(new URL('../../node_modules/pkcs11js/includes/pkcs11', import.meta.url));
  await exec('g++', ['-shared', '-fPIC', '-std=c++17', '-o', module, source, '-I', headers, '-ldl']);
  process.env['FAULTY_TOKEN_LIBRARY'] = MODULE ?? '';
  process.env['FAULTY_TOKEN'] = plan;
  const fail = async (...lines: readonly string[]): Promise<void> => {
    // A fault counts by its line: the same words in another test are another line.
    const number = ` ${plans++}`;
    await writeFile(plan, lines.map((line) => `${line}${number}\n`).join(''));
    await writeFile(`${plan}.calls`, '');
  };
  await fail();
  return {
    ...tokens,
    place: (token) => ({ module, token }),
    fail,
    calls: async (name) => {
      const called = await readFile(`${plan}.calls`, 'utf8');
      return called.split('\n').filter((line) => line === name).length;
    },
    sessions: async () => Number(await readFile(`${plan}.sessions`, 'utf8')),
    stop: async () => {
      await tokens.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
let plans = 0;

/** What SoftHSM does not do by itself for a token whose files are gone. */
async function closeSessions(): Promise<void> {
  const { default: binding } = (await import('pkcs11js')) as unknown as { default: typeof pkcs11js };
  const module = new binding.PKCS11();
  module.load(MODULE ?? '');
  try {
    for (const slot of module.C_GetSlotList(true)) module.C_CloseAllSessions(slot);
  } catch {
    // Nobody uses it in this process.
  }
}
