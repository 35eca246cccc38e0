import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Command, CommanderError } from 'commander';
import { EXIT, failureOf } from '../../cli/exit.ts';
import { registryCommand } from '../../cli/registry.ts';
import type { Ended } from './cli.ts';

interface Printed {
  stdout: string;
  stderr: string;
}

/** Whatever a command of ours prints while it runs; what the test runner prints meanwhile goes its own way. */
const printing = new AsyncLocalStorage<Printed>();
for (const name of ['stdout', 'stderr'] as const) {
  const stream = process[name];
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  stream.write = (...args: unknown[]): boolean => {
    const printed = printing.getStore();
    if (printed === undefined) return write(...args);
    printed[name] += String(args[0]);
    return true;
  };
}

/**
 * `pratique registry` against one registry, in this process: dozens of commands take a second, not a minute. That the
 * program itself ends as these do is for the tests of `exit.ts` and of the guide.
 */
export class RegistryCli {
  readonly #where: readonly string[];

  constructor(rpcUrl: string, registry: string) {
    this.#where = ['--rpc', rpcUrl, '--registry', registry];
  }

  /** What a command prints as data. */
  async json(...args: readonly string[]): Promise<Record<string, unknown>> {
    return jsonOf(await this.run(...args, '--json'));
  }

  /** What a command prints for people. */
  async text(...args: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await this.run(...args);
    assert.equal(status, 0, stderr);
    return stdout;
  }

  /** A command ends with this status, code and, of the contract, this error; answers the sentence. */
  async refused(
    expected: { readonly status: number; readonly code: string; readonly refusal?: string },
    ...args: readonly string[]
  ): Promise<string> {
    const { status, stdout, stderr } = await this.run(...args, '--json');
    const { error } = JSON.parse(stderr) as { error: Record<string, unknown> };
    const { message, ...rest } = error;
    assert.deepEqual({ status, ...rest }, expected, String(message));
    assert.match(String(message), /^\S.*\.$/s);
    assert.equal(stdout, '');
    return String(message);
  }

  /** A command line that makes no sense. */
  async misused(...args: readonly string[]): Promise<void> {
    const { status, stdout, stderr } = await this.run(...args);
    assert.deepEqual([status, stdout], [EXIT.usage, ''], args.join(' '));
    assert.ok(stderr.length > 0 && !stderr.includes('    at '), stderr);
  }

  run(...args: readonly string[]): Promise<Ended> {
    return runRegistry([...args, ...this.#where]);
  }
}

/** Run one command line as the program does. */
export async function runRegistry(args: readonly string[]): Promise<Ended> {
  const printed: Printed = { stdout: '', stderr: '' };
  const status = await printing.run(printed, async () => {
    try {
      await quiet(registryCommand()).parseAsync(args, { from: 'user' });
      return Number(process.exitCode ?? EXIT.accepted);
    } catch (thrown) {
      if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.accepted : EXIT.usage;
      const { status: refused, ...error } = failureOf(thrown);
      process.stderr.write(JSON.stringify({ error }));
      return refused;
    } finally {
      process.exitCode = undefined;
    }
  });
  return { status, ...printed };
}

/** What a command that succeeded printed as data. */
export function jsonOf({ status, stdout, stderr }: Ended): Record<string, unknown> {
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

function quiet(command: Command): Command {
  command.exitOverride();
  command.commands.forEach(quiet);
  return command;
}
