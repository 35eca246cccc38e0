import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test('the check of what runs in a browser has no Node types in scope, not even through a package', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.web.json', '--listFilesOnly'],
    { cwd: ROOT },
  );
  const files = stdout.trim().split('\n');
  assert.ok(files.some((file) => file.endsWith('/verifier/pipeline/verify.ts')));
  assert.ok(files.some((file) => file.endsWith('/credential/es256-web.ts')));
  assert.deepEqual(
    files.filter((file) => file.includes('/@types/node/') || file.endsWith('-node.ts')),
    [],
  );
});
