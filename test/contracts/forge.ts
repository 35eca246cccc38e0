import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { dirname, delimiter } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { builtHardhat } from '../../contracts/build.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FORGE = fileURLToPath(import.meta.resolve('@foundry-rs/forge/bin.mjs'));

/** Profiles of foundry.toml. */
export type Profile = 'default' | 'deep';

/** One function of a contract in test/forge. */
export interface ForgeTest {
  readonly contract: string;
  readonly name: string;
}

/** What became of it. */
export interface ForgeResult extends ForgeTest {
  readonly passed: boolean;
  /** Why it failed, with what it was given, and how to do it again; how much was tried, if it passed. */
  readonly report: string;
}

interface Call {
  readonly func_name: string | null;
  readonly raw_args: string | null;
}

/** Of forge's JSON what is read here. */
interface Outcome {
  readonly status: string;
  readonly reason: string | null;
  readonly counterexample: {
    readonly Single?: Call;
    readonly Sequence?: readonly [number, readonly Call[]];
  } | null;
  readonly kind: {
    readonly Fuzz?: { readonly runs: number };
    readonly Invariant?: { readonly runs: number; readonly calls: number; readonly reverts: number };
  };
}
type Suites = Readonly<Record<string, { readonly test_results: Readonly<Record<string, Outcome>> }>>;

/** The tests there are, without running them. */
export async function forgeTests(): Promise<readonly ForgeTest[]> {
  const { stdout } = await forge('default', ['--list']);
  const files = JSON.parse(stdout) as Record<string, Record<string, readonly string[]>>;
  return Object.values(files).flatMap((contracts) =>
    Object.entries(contracts).flatMap(([contract, names]) => names.map((name) => ({ contract, name }))),
  );
}

/** Runs all tests, or one, on the contracts as Hardhat compiles them. Throws if forge itself fails, with its words. */
export async function runForge(profile: Profile, only?: ForgeTest): Promise<readonly ForgeResult[]> {
  const seed = `0x${randomBytes(32).toString('hex')}`;
  const filter = only === undefined ? [] : ['--threads', '1', ...exactly(only)];
  const { stdout } = await forge(profile, ['--fuzz-seed', seed, ...filter]);
  // Before the answer, a line of JSON for each broken invariant.
  const suites = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Suites;
  return Object.entries(suites).flatMap(([path, suite]) =>
    Object.entries(suite.test_results).map(([signature, outcome]) => {
      const test = { contract: path.replace(/^.*:/, ''), name: signature.replace(/\(.*$/, '') };
      const passed = outcome.status === 'Success';
      const again = `FOUNDRY_PROFILE=${profile} npm run forge -- -vvvv --fuzz-seed ${seed} --match-test ${test.name}`;
      return { ...test, passed, report: passed ? amount(outcome) : `${failure(outcome)}\n${again}` };
    }),
  );
}

/** `testFuzz_kidIsTheThumbprint` as words. */
export function sentence({ name }: ForgeTest): string {
  const words = name.replace(/^[^_]*_/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.trim();
}

let built: Promise<unknown> | undefined;

async function forge(profile: Profile, args: readonly string[]): Promise<{ stdout: string }> {
  await (built ??= builtHardhat());
  const child = spawn(process.execPath, [FORGE, 'test', '--json', ...args], {
    cwd: ROOT,
    // The compiler's wrapper is a script for the Node that is found first.
    env: {
      ...process.env,
      FOUNDRY_PROFILE: profile,
      PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A run that is broken off, or over its time, leaves no forge behind.
  const stop = (): void => void child.kill();
  const end = (): never => process.exit(1);
  process.once('exit', stop).once('SIGINT', end).once('SIGTERM', end);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  process.off('exit', stop).off('SIGINT', end).off('SIGTERM', end);
  // npm's wrapper answers 0 whatever forge answered.
  if (!stdout.trimEnd().endsWith('}')) throw new Error(`forge did not run the tests.\n${stderr}${stdout}`);
  return { stdout };
}

/** forge holds its patterns against a contract's name and a function's signature. */
function exactly({ contract, name }: ForgeTest): string[] {
  return ['--match-contract', `^${contract}$`, '--match-test', `^${name}\\(`];
}

function amount({ kind: { Fuzz: fuzz, Invariant: invariant } }: Outcome): string {
  if (fuzz !== undefined) return `${fuzz.runs} runs`;
  return invariant === undefined
    ? 'once'
    : `${invariant.runs} runs, ${invariant.calls} calls, ${invariant.reverts} reverts`;
}

function failure({ reason, counterexample }: Outcome): string {
  const single = counterexample?.Single === undefined ? [] : [counterexample.Single];
  const calls = counterexample?.Sequence?.[1] ?? single;
  const given = calls.map((call) => `  ${call.func_name ?? 'given'}(${call.raw_args ?? ''})`);
  return [reason ?? 'It failed.', ...given].join('\n');
}
