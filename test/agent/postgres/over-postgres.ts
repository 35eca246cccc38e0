import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withoutPostgres } from '../../support/postgres.ts';

const exec = promisify(execFile);
const AGENT = fileURLToPath(new URL('..', import.meta.url));

/** Runs tests that do not say where their stores lie once more, with all of them in a PostgreSQL. */
export function overPostgres(...files: readonly string[]): void {
  for (const file of files) {
    test(`${file} passes with its stores in PostgreSQL`, { skip: withoutPostgres }, async () => {
      const env: NodeJS.ProcessEnv = { ...process.env, PRATIQUE_TEST_STORE: 'postgresql' };
      // By it a runner tells its children that they are.
      delete env['NODE_TEST_CONTEXT'];
      const words = ['--test', '--test-reporter=tap', `${AGENT}${file}`];
      const ran = exec(process.execPath, words, { env, maxBuffer: 2 ** 26 });
      const { stdout } = await ran.catch((error: unknown) => {
        throw new Error(String((error as { stdout?: unknown }).stdout ?? error));
      });
      assert.match(stdout, /^# fail 0$/m);
      assert.doesNotMatch(stdout, /^# pass 0$/m);
    });
  }
}
