import { Command, InvalidArgumentError } from 'commander';
import { readConfig } from './config.ts';
import { setupCodeCommand } from './verifier/setup-code-command.ts';
import { contractAddress, httpUrls, kid, port, wholeNumber } from './option-arguments.ts';

/** Options of `pratique verifier serve`, as parsed. */
export interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly store?: string;
  readonly rpc?: readonly string[];
  readonly registry?: string;
  readonly quorum?: number;
  readonly confirmations?: number;
  readonly interval: number;
  readonly maxBlockAge?: number;
  /** Host names that devices type. */
  readonly name?: readonly string[];
  readonly trust?: string;
  readonly exporter?: string;
  readonly allowUnanchored?: boolean;
  readonly allowPrivateHosts?: boolean;
  readonly policy?: string;
  readonly rules: string;
  /** What holders are asked for. */
  readonly askHolders?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsLocalCa?: boolean;
  readonly json?: boolean;
}

/** `pratique verifier`: the node that a venue runs. */
export function verifierCommand(): Command {
  return new Command('verifier')
    .description('Run a verifier node: a venue scans, it decides, offline, and tells nobody who was scanned.')
    .addCommand(serveCommand())
    .addCommand(setupCodeCommand());
}

function serveCommand(): Command {
  return new Command('serve')
    .description('Serve decisions over HTTP from trust data held here, kept fresh in the background.')
    .option('--port <port>', 'port to listen on; 0 takes any that is free', port, 8080)
    .option('--host <address>', 'address to listen on; another than loopback needs TLS', '127.0.0.1')
    .option('--store <dir>', 'trust store (default: .pratique/trust)')
    .option(
      '--rpc <url...>',
      'JSON-RPC endpoints of nodes of the chain, to sync with in the background',
      httpUrls,
    )
    .option('--registry <address>', 'address of the registry contract', contractAddress)
    .option('--quorum <count>', 'endpoints that must tell the same (default: more than half)', wholeNumber)
    .option('--confirmations <count>', 'blocks on top after which a block counts as final', wholeNumber)
    .option('--interval <seconds>', 'how often to sync, from 5 seconds to a day', interval, 60)
    .option(
      '--max-block-age <seconds>',
      'take a chain whose newest final block is older for stopped; for chains that make blocks all the time',
      wholeNumber,
    )
    .option('--name <name...>', 'names that devices know this machine by, besides its own', hostNames)
    .option('--trust <bundle>', 'a bundle to decide by, instead of a store')
    .option('--exporter <kid>', 'the key that must have signed the bundle for it to count as anchored', kid)
    .option('--allow-unanchored', 'accept trust data that is not tied to a chain (for development)')
    .option(
      '--allow-private-hosts',
      'fetch revocation lists from private addresses and over http, too (for development)',
    )
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
    )
    .option('--tls-cert <file>', 'certificate chain to serve TLS with, PEM')
    .option('--tls-key <file>', 'its private key, PEM')
    .option(
      '--tls-local-ca',
      'serve TLS by a certificate authority of this machine; phones install it at /setup',
    )
    .option('--json', 'print one JSON object when it listens, and the log as JSON')
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

/** commander hands over one value at a time. */
function hostNames(text: string, before: readonly string[] = []): readonly string[] {
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(text)) {
    throw new InvalidArgumentError('It must be a host name, such as gate.venue.example.');
  }
  return [...before, text.toLowerCase()];
}

function interval(text: string): number {
  const seconds = wholeNumber(text);
  if (seconds < 5 || seconds > 86_400)
    throw new InvalidArgumentError('It must be from 5 seconds to a day (86400).');
  return seconds;
}
