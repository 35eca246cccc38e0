import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../browser/watched-page.ts';

const SCRIPT = fileURLToPath(new URL('../../cli/start.ts', import.meta.url));

/** What `npm start -- --keep` leaves running. */
export interface Kept {
  readonly wallet: string;
  readonly scanner: string;
  readonly issuer: string;
  /** API key of a clerk. */
  readonly clerk: string;
  /** The code that it prints as a message to somebody, after what it has printed before. */
  readonly nextCode: () => Promise<string>;
  /** Once it has said that an anchor reached the chain, after what it has printed before. */
  readonly nextAnchor: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Run it until everything in it answers. */
export async function startKept(): Promise<Kept> {
  const folder = await mkdtemp(join(tmpdir(), 'pratique-kept-'));
  const child = spawn(process.execPath, [SCRIPT, '--keep'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (told += part));
  const said = async (pattern: RegExp, from = 0): Promise<string> => {
    await until(() => {
      assert.equal(child.exitCode, null, told);
      return Promise.resolve(pattern.test(told.slice(from)));
    });
    return pattern.exec(told.slice(from))?.[1] ?? '';
  };
  const addressOf = async (what: string): Promise<string> => said(new RegExp(`│ ${what} +(\\S+) `));
  const issuer = await said(/The issuer answers at ([^\s,]+),.*\n/);
  let seen = told.length;
  const next = async (pattern: RegExp): Promise<string> => {
    const found = await said(pattern, seen);
    seen = told.length;
    return found;
  };
  return {
    issuer,
    wallet: await addressOf('wallet'),
    scanner: await addressOf('scanner'),
    clerk: await said(/key of a clerk +(\S+)/),
    nextCode: async () => next(/your code is (\d{8})/),
    nextAnchor: async () => void (await next(/(anchored as counter)/)),
    stop: async () => {
      child.kill('SIGINT');
      if (child.exitCode === null) await once(child, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
