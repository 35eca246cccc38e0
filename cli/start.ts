import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { readConfig } from './config.ts';
import { endWithReader, EXIT, failureOf } from './exit.ts';
import { runLoop } from './start/loop.ts';
import { terminalSteps } from './steps.ts';

/** `npm start`: the whole loop on a chain of its own; ends by itself, or on Ctrl-C with `--keep`. */
function startCommand(): Command {
  return new Command('npm start --')
    .description('Run the whole loop: anchor an issuer, issue cards, verify them, revoke one, verify again.')
    .option(
      '--keep',
      'leave the chain up until Ctrl-C, and serve the issuer with sample people, to try things out',
    )
    .exitOverride()
    .addHelpText('after', '\nExample:\n  npm start -- --keep')
    .action(async ({ keep }: { keep?: boolean }) => {
      const steps = terminalSteps(readConfig().color);
      await runLoop(steps, {
        folder: resolve('.pratique', 'start'),
        keep: keep ?? false,
        config: readConfig(),
      });
    });
}

endWithReader(process.stdout);
try {
  await startCommand().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.accepted : EXIT.usage;
  } else {
    const { code, message, status } = failureOf(error);
    process.stderr.write(`${code}: ${message}\n`);
    process.exitCode = status;
  }
}
