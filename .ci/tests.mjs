// Runs test files, and those that failed once more, each alone: a browser or a chain that had no processor for seconds is
// told from a fault, which fails again (docs/decisions/0048). Whatever passed only then is named in the last lines.
//
//   node .ci/tests.mjs                          the whole suite
//   node .ci/tests.mjs "test/wallet/**/*.test.ts"    some of it

import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';

/** More than so many at once are no accident of a busy machine. */
const MOST_AGAIN = 3;
const REPORTER = new URL('failed-files.mjs', import.meta.url).href;

/**
 * Run test files in processes of their own.
 *
 * @param options environment, `timeout` of a test in milliseconds, and whether the output is kept (`pipe`) or shown
 * @returns whether everything passed, the files that passed only at the second time, and the output that was kept
 */
export function runTests(files, { env = process.env, timeout = 120_000, output = 'inherit' } = {}) {
  const first = attempt(files, { env, timeout, output });
  if (first.passed) return { ...first, unsteady: [] };
  const { failed } = first;
  if (failed.length === 0 || failed.length > MOST_AGAIN) return { ...first, unsteady: [] };
  console.error(`\nOnce more, each alone: ${failed.join(', ')}\n`);
  const again = failed.map((file) => attempt([file], { env, timeout, output }));
  return {
    passed: again.every(({ passed }) => passed),
    unsteady: failed.filter((_, at) => again[at].passed),
    stdout: [first, ...again].map(({ stdout }) => stdout).join('\n'),
  };
}

/** Name the files that passed only at the second time. */
export function tellUnsteady(unsteady) {
  for (const file of unsteady) {
    console.error(styleText('yellow', `UNSTEADY ${file}: failed once, and passed when it ran alone.`));
  }
}

function attempt(files, { env, timeout, output }) {
  const folder = mkdtempSync(join(tmpdir(), 'pratique-tests-'));
  const list = join(folder, 'failed.txt');
  try {
    const { status, stdout } = spawnSync(
      process.execPath,
      [
        '--test',
        '--test-reporter=spec',
        '--test-reporter-destination=stdout',
        `--test-reporter=${REPORTER}`,
        `--test-reporter-destination=${list}`,
        '--test-concurrency=2',
        `--test-timeout=${timeout}`,
        ...files,
      ],
      { env, encoding: 'utf8', stdio: ['ignore', output, 'inherit'], maxBuffer: 256 * 1024 * 1024 },
    );
    const failed = readFileSync(list, 'utf8').split('\n').filter(Boolean);
    return { passed: status === 0, failed: failed.map((file) => relative(process.cwd(), file)), stdout };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , ...asked] = process.argv;
  const files = globSync(asked.length === 0 ? ['test/**/*.test.ts'] : asked).toSorted();
  if (files.length === 0) {
    console.error('No test file has such a name.');
    process.exit(64);
  }
  const { passed, unsteady } = runTests(files);
  tellUnsteady(unsteady);
  process.exitCode = passed ? 0 : 1;
}
