// Every check that CI runs before the tests: two at a time, one line each, the output only of those that fail.
//
//   node .ci/checks.mjs            all of them
//   node .ci/checks.mjs lint types some of them

import { spawn } from 'node:child_process';
import { styleText } from 'node:util';

const AT_ONCE = 2;
/** No check takes two minutes; one that hangs must not take CI with it. */
const LIMIT_MS = 5 * 60_000;

/** Name, what it sees to, command; the slow ones first. */
const CHECKS = [
  [
    'abi',
    'contracts compile, and their abi.ts and bytecode.ts are fresh',
    ['node', '.ci/abi.mjs', '--check'],
  ],
  [
    'coverage',
    'the tests reach every statement of the contracts, and every condition both ways',
    ['node', '.ci/coverage.mjs'],
  ],
  ['types', 'TypeScript, all strict flags', ['tsc', '-p', '.', '--pretty', 'false']],
  [
    'web',
    'what runs in a browser, without Node’s types',
    ['tsc', '-p', 'tsconfig.web.json', '--pretty', 'false'],
  ],
  ['lint', 'oxlint with types, import arrows, file sizes', ['oxlint']],
  ['unused', 'no unused file, export or dependency (knip)', ['knip', '--no-progress']],
  ['format', 'prettier', ['prettier', '--check', '--log-level=warn', '.']],
  [
    'solidity',
    'solhint',
    ['solhint', '--disc', '--noPoster', '--max-warnings=0', '{contracts,test/forge}/**/*.sol'],
  ],
  ['layout', 'names, versions, lock file, README commands', ['node', '.ci/layout.mjs']],
  ['pictures', 'no picture is older than its page, and each is shown', ['node', '.ci/pictures.mjs']],
];

/** A terminal gets colours; a file or a CI log plain text, also from tools that believe in colours because of CI. */
const env = { ...process.env };
if (!process.stdout.isTTY) {
  env.NO_COLOR = '1';
  delete env.FORCE_COLOR;
}

/** Runs a command of node_modules/.bin, which npm puts first on the PATH; answers whether it succeeded and its output. */
function run([command, ...words]) {
  return new Promise((done) => {
    const child = spawn(command, words, {
      env,
      shell: process.platform === 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT_MS,
    });
    let output = '';
    const add = (text) => void (output += text);
    child.stdout.setEncoding('utf8').on('data', add);
    child.stderr.setEncoding('utf8').on('data', add);
    child.on('error', (error) => done({ passed: false, output: error.message }));
    child.on('close', (code, signal) => {
      if (signal !== null) output += `\nended by ${signal}`;
      done({ passed: code === 0, output });
    });
  });
}

async function report([name, purpose, command]) {
  const begun = performance.now();
  const { passed, output } = await run(command);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(5);
  const sign = passed ? styleText('green', '✓') : styleText('red', '✗');
  console.log(`${sign} ${name.padEnd(9)} ${styleText('dim', `${seconds} s  ${purpose}`)}`);
  if (!passed) console.log(`\n${styleText('dim', `$ ${command.join(' ')}`)}\n${output.trim()}\n`);
  return passed;
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !CHECKS.some(([known]) => known === name));
if (unknown.length > 0) {
  console.error(
    `There is no check ${unknown.join(', ')}; there are: ${CHECKS.map(([name]) => name).join(', ')}.`,
  );
  process.exit(64);
}

const waiting = CHECKS.filter(([name]) => asked.length === 0 || asked.includes(name));
let failures = 0;
async function work() {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
    if (!(await report(check))) failures += 1;
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
if (failures > 0) {
  console.error(`${failures} ${failures === 1 ? 'check' : 'checks'} failed; the tests were not run.`);
  process.exitCode = 1;
}
