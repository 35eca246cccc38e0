import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const LAYOUT = fileURLToPath(new URL('../../.ci/layout.mjs', import.meta.url));

const CLEAN: Readonly<Record<string, string>> = {
  'package.json':
    '{ "scripts": { "start": "node a.ts" }, "dependencies": { "a": "1.2.3" }, "devDependencies": {} }',
  'package-lock.json': '{ "packages": { "node_modules/a": { "version": "1.2.3" } } }',
  '.ci/pinned-node/package.json': '{ "optionalDependencies": {} }',
  'credential/jws.ts': '',
};

/** The breaches that the check reports of a checkout with these files besides the clean ones. */
async function breaches(change: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'pratique-layout-'));
  try {
    await promisify(execFile)('git', ['init', '--quiet', folder]);
    for (const [file, text] of Object.entries({ ...CLEAN, ...change })) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
    const child = spawn(process.execPath, [LAYOUT], { cwd: folder });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const status = await new Promise<number | null>((done) => child.on('close', done));
    const lines = said.split('\n').filter((line) => line !== '');
    assert.equal(status, lines.length === 0 ? 0 : 1);
    return lines;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('a checkout that keeps to the conventions is not complained about', async () => {
  assert.deepEqual(
    await breaches({ 'README.md': 'Run `npm start`. See [the code](credential/jws.ts).' }),
    [],
  );
});

const NAMES = [
  'credential/utils.ts',
  'agent/helper.ts',
  'cli/common.ts',
  'verifier/pipeline/misc.mjs',
  'credential/types.ts',
  'agent/constants.ts',
  'test/utils.test.ts',
  'verifier/helpers/qr.ts',
  'agent/services/issuer.ts',
];

for (const file of NAMES) {
  test(`${file} is no name for a file`, async () => {
    assert.equal((await breaches({ [file]: '' })).length, 1);
  });
}

const OTHERS: readonly (readonly [sentence: string, change: Readonly<Record<string, string>>])[] = [
  [
    'a version that is not exact is reported',
    { 'package.json': '{ "scripts": {}, "dependencies": { "a": "^1.2.3" }, "devDependencies": {} }' },
  ],
  [
    'a lock file that says where a package was fetched is reported',
    {
      'package-lock.json': '{ "packages": { "node_modules/a": { "resolved": "https://a.example/a.tgz" } } }',
    },
  ],
  ['a command in the papers that package.json does not have is reported', { 'README.md': 'npm run deploy' }],
  ['a link that leads nowhere is reported', { 'docs/a.md': '[here](../nowhere.md)' }],
];

for (const [sentence, change] of OTHERS) {
  test(sentence, async () => {
    assert.equal((await breaches(change)).length, 1);
  });
}
