import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Decision } from '../../verifier/pipeline/decision.ts';

/** What a command left behind when it ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A decision as `verify --json` prints it. */
export interface PrintedDecision extends Pick<Decision, 'rules' | 'unmet'> {
  readonly source: string;
  readonly outcome: string;
  readonly codes: readonly string[];
  readonly checks: Readonly<Record<string, string>>;
  readonly subject: { readonly name: string; readonly birthDate: string | null } | null;
}

/** Run a TypeScript entry point of the command line in a process of its own, as a user does. */
export async function run(
  entry: 'pratique' | 'start',
  args: readonly string[],
  options: { readonly cwd?: string; readonly stdin?: string | Uint8Array; readonly locale?: string } = {},
): Promise<Ended> {
  const script = fileURLToPath(new URL(`../../cli/${entry}.ts`, import.meta.url));
  const child = spawn(process.execPath, [script, ...args], {
    cwd: options.cwd,
    env: { ...process.env, NO_COLOR: '1', LC_ALL: options.locale ?? 'C' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A command that refuses early closes its input before all of ours is written.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { status, stdout, stderr };
}

/** `pratique verify --json …`: the decisions and the exit status. */
export async function verifyJson(
  args: readonly string[],
  options: { readonly cwd?: string; readonly stdin?: string | Uint8Array } = {},
): Promise<{ readonly status: number | null; readonly decisions: readonly PrintedDecision[] }> {
  const { status, stdout, stderr } = await run('pratique', ['verify', '--json', ...args], options);
  if (stdout === '') throw new Error(`no decision was printed: ${stderr}`);
  return { status, decisions: JSON.parse(stdout) as PrintedDecision[] };
}
