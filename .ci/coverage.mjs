// Runs the contracts' tests against contracts that tell where they have been, and says what of contracts/*.sol nothing
// reached: statements, and conditions that were never true or never false. Exits 1 unless that is nothing.

import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  compiledBytecode,
  contractSources,
  instrument,
  unreached,
} from '../test/contracts/instrumentation.ts';
import { runTests, tellUnsteady } from './tests.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

/** Tests that reach nothing besides, and cost what the others cost together. */
const OTHERS = ['clients', 'gas', 'log-reader', 'peers', 'registry-layout', 'registry-log'];
const REGISTRY = 'contracts/IssuerRegistry.sol:IssuerRegistry';

const { sources, points } = instrument(contractSources());
mkdirSync('cache', { recursive: true });
const folder = mkdtempSync('cache/coverage-');
try {
  // Compiling takes as long as half of the tests.
  const cached = `cache/reached-${createHash('sha256').update(JSON.stringify(sources)).digest('hex')}.txt`;
  if (!existsSync(cached)) writeFileSync(cached, compiledBytecode(sources, REGISTRY));
  writeFileSync(`${folder}/bytecode.txt`, readFileSync(cached));

  const tests = globSync('test/contracts/*.test.ts').filter(
    (file) =>
      readFileSync(file, 'utf8').includes("from './ledger.ts'") &&
      !OTHERS.includes(file.slice('test/contracts/'.length, -'.test.ts'.length)),
  );
  // The same with or without the data that not everybody has.
  const { PRATIQUE_TEST_DATA: _, ...inherited } = process.env;
  const env = { ...inherited, PRATIQUE_COVERAGE: `${process.cwd()}/${folder}` };
  const { passed, unsteady, stdout } = runTests(tests, { env, timeout: 240_000, output: 'pipe' });
  tellUnsteady(unsteady);
  if (passed) report();
  else console.error(stdout);
  process.exitCode = passed ? process.exitCode : 1;
} finally {
  rmSync(folder, { recursive: true });
}

function report() {
  const missing = unreached(points, folder);
  for (const { file, line, what, text } of missing) {
    console.error(`${file}:${line}: never ${what === 'statement' ? 'reached' : what}: ${text}`);
  }
  const share = (isCounted) => {
    const all = points.filter(isCounted).length;
    return `${all - missing.filter(isCounted).length} of ${all}`;
  };
  const statements = share(({ what }) => what === 'statement');
  const outcomes = share(({ what }) => what !== 'statement');
  console.log(`${statements} statements and ${outcomes} outcomes of conditions were reached.`);
  process.exitCode = missing.length === 0 ? 0 : 1;
}
