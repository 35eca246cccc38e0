import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { UsageError } from '../exit.ts';
import { contractAddress, httpUrls, kid, port, wholeNumber } from '../option-arguments.ts';
import { assertQuorum } from '../quorum.ts';

/** Options of every command that serves from trust data, as parsed: where it is from, and how to listen. */
export interface ServingOptions {
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
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsLocalCa?: boolean;
  readonly json?: boolean;
}

/** Add where to listen and where trust data is from to a command that serves. */
export function addServingOptions(command: Command, usualPort: number): Command {
  return command
    .option('--port <port>', 'port to listen on; 0 takes any that is free', port, usualPort)
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
    );
}

/** Add how to serve TLS, and in which form to speak. */
export function addTlsOptions(command: Command): Command {
  return command
    .option('--tls-cert <file>', 'certificate chain to serve TLS with, PEM')
    .option('--tls-key <file>', 'its private key, PEM')
    .option(
      '--tls-local-ca',
      'serve TLS by a certificate authority of this machine; phones install it at /setup',
    )
    .option('--json', 'print one JSON object when it listens, and the log as JSON');
}

/** Refuse options that do not go together. @throws UsageError */
export function assertServable(options: ServingOptions): void {
  const { rpc, registry, trust, store, exporter, tlsCert, tlsKey, tlsLocalCa, quorum, confirmations } =
    options;
  assertQuorum(options);
  if (rpc === undefined && (quorum !== undefined || confirmations !== undefined)) {
    throw new UsageError(
      '--quorum and --confirmations are about endpoints: give --rpc and --registry with them.',
    );
  }
  if ((rpc === undefined) !== (registry === undefined)) {
    throw new UsageError('A registry is read through endpoints: give --rpc and --registry together.');
  }
  if (trust !== undefined && (store !== undefined || rpc !== undefined)) {
    throw new UsageError('Give either a bundle (--trust), or a store with or without a registry, not both.');
  }
  if (exporter !== undefined && trust === undefined) {
    throw new UsageError('--exporter says who signed the bundle given with --trust.');
  }
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new UsageError('A certificate is served with its key: give --tls-cert and --tls-key together.');
  }
  if (tlsLocalCa === true && tlsCert !== undefined) {
    throw new UsageError('Give either a certificate of your own or --tls-local-ca, not both.');
  }
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
