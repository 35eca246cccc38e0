import { Command } from 'commander';
import { readConfig } from './config.ts';
import { addServingOptions, addTlsOptions } from './serving/options.ts';
import type { ServingOptions } from './serving/options.ts';
import { setupCodeCommand } from './verifier/setup-code-command.ts';
import { signageCommand } from './verifier/signage-command.ts';

/** Options of `pratique verifier serve`, as parsed. */
export interface ServeOptions extends ServingOptions {
  readonly policy?: string;
  readonly rules: string;
  /** What holders are asked for. */
  readonly askHolders?: string;
}

/** `pratique verifier`: the node that a venue runs. */
export function verifierCommand(): Command {
  return new Command('verifier')
    .description('Run a verifier node: a venue scans, it decides, offline, and tells nobody who was scanned.')
    .addCommand(serveCommand())
    .addCommand(setupCodeCommand())
    .addCommand(signageCommand());
}

function serveCommand(): Command {
  const command = new Command('serve').description(
    'Serve decisions over HTTP from trust data held here, kept fresh in the background.',
  );
  addServingOptions(command, 8080)
    .option(
      '--policy <file>',
      "the venue's own policy: which jurisdictions and profiles, how old trust data may be",
    )
    .option(
      '--rules <id>',
      'acceptance rules to hold cards against, as `pratique rules list` names them; a request may name others only if this is none',
      'none',
    )
    .option(
      '--ask-holders <purpose>',
      'make signed requests that wallets answer, saying what for in one line, such as "Entry to the concert"',
    );
  return addTlsOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  pratique verifier serve --rpc http://127.0.0.1:8545 --registry 0x5FbD…
  pratique verifier serve --trust venue.bundle --exporter 3Kfd…
  pratique verifier serve --host 192.0.2.7 --port 8443 --tls-local-ca
  curl -d '{"credential":"shc:/…"}' -H 'content-type: application/json' http://127.0.0.1:8080/verify`,
    )
    .action(async (options: ServeOptions) => {
      const { runServe } = await import('./verifier/serve.ts');
      await runServe(options, readConfig());
    });
}
