#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { endWithReader, EXIT, failureOf } from './exit.ts';
import type { Failure } from './exit.ts';

/** Command groups load when they are called for: `verify` pulls in neither Veramo nor ethers. */
const GROUPS = {
  verify: async () => (await import('./verify.ts')).verifyCommand(),
  trust: async () => (await import('./trust.ts')).trustCommand(),
  registry: async () => (await import('./registry.ts')).registryCommand(),
  issuer: async () => (await import('./issuer.ts')).issuerCommand(),
  rules: async () => (await import('./rules.ts')).rulesCommand(),
  verifier: async () => (await import('./verifier.ts')).verifierCommand(),
  wallet: async () => (await import('./wallet.ts')).walletCommand(),
} as const satisfies Record<string, () => Promise<Command>>;

async function main(args: readonly string[]): Promise<void> {
  try {
    const program = await buildProgram(args[0]);
    await program.parseAsync(args, { from: 'user' });
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      // Commander has said what is wrong already; asking for help is no error.
      process.exitCode = thrown.exitCode === 0 ? EXIT.accepted : EXIT.usage;
      return;
    }
    const { status, ...error } = failureOf(thrown);
    process.stderr.write(args.includes('--json') ? `${JSON.stringify({ error })}\n` : failureLines(error));
    process.exitCode = status;
  }
}

function failureLines({ code, message, details = {} }: Omit<Failure, 'status'>): string {
  const rows = Object.entries(details).map(([name, value]) => `  ${name.padEnd(10)} ${value}\n`);
  return `${code}: ${message}\n${rows.join('')}`;
}

async function buildProgram(first: string | undefined): Promise<Command> {
  // What stands behind a command is that command's own: `issuer key` and `issuer key retire` share names of options.
  const program = new Command('pratique')
    .enablePositionalOptions()
    .description('Ledger-anchored health passes: issue, hold, revoke and verify.')
    .addHelpText('after', EXAMPLES);
  const wanted = Object.entries(GROUPS).filter(([name]) => name === first);
  for (const [, load] of wanted.length > 0 ? wanted : Object.entries(GROUPS)) {
    program.addCommand(await load());
  }
  return quiet(program);
}

/** Let every command throw instead of leaving the process, so that exit statuses are decided in one place. */
function quiet(command: Command): Command {
  command.exitOverride();
  command.commands.forEach(quiet);
  return command;
}

const EXAMPLES = `
Examples:
  pratique verify card.smart-health-card
  pratique verify --json --trust venue.bundle photo-of-a-qr.png
  pratique trust sync --rpc http://127.0.0.1:8545 --registry 0x…
  pratique trust show
  pratique rules list

Exit status: 0 all accepted, 1 rejected, 2 could not check, 3 not readable; 64 wrong usage, 65 refused,
69 chain, store or server unavailable, 70 internal fault.`;

// In a checkout, stripping types is half of a cold start. What was made of the sources once is kept where only who can
// change the packages themselves can put anything: what is read from there is run.
if (import.meta.filename.endsWith('.ts')) {
  enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)));
}
endWithReader(process.stdout);
await main(process.argv.slice(2));
