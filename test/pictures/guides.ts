import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Studio } from './take.ts';

/** The desk's pictures are those of the test that goes through its guide. */
export async function takeDesk(studio: Studio): Promise<void> {
  await byTest(studio, '../agent/desk/desk-pictures.test.ts', /^(desk-[\w-]+)\.png$/);
}

/** The page at which phones take the node's certificate. */
export async function takeSetup(studio: Studio): Promise<void> {
  await byTest(studio, '../verifier/node/tls/setup-browser.test.ts', /^(setup)-en-1280\.png$/, 'en at 1280');
}

/** Keep those pictures that a test makes when it is told where; all its cases, or those of a name. */
async function byTest(studio: Studio, file: string, wanted: RegExp, only?: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pratique-pictures-'));
  try {
    const pattern = only === undefined ? [] : [`--test-name-pattern=${only}`];
    const path = fileURLToPath(new URL(file, import.meta.url));
    await promisify(execFile)(process.execPath, ['--test', ...pattern, path], {
      env: { ...process.env, PRATIQUE_PICTURES: folder },
      timeout: LIMIT_MS,
    });
    for (const name of (await readdir(folder)).toSorted()) {
      const [, kept] = wanted.exec(name) ?? [];
      if (kept !== undefined) await studio.keep(kept, await readFile(join(folder, basename(name))));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const LIMIT_MS = 120_000;
