import { Command, InvalidArgumentError, Option } from 'commander';
import { SCOPES } from '../../../agent/service/scope.ts';
import { MAX_QUOTA } from '../../../agent/service/quota.ts';
import type { AddClientOptions, ClientOptions, QuotaOptions } from '../client.ts';
import type { ServeOptions } from '../serve.ts';
import { port } from '../../option-arguments.ts';
import { baseUrl, everyDuration, example, network, onChain, onIssuer, walletBase } from './options.ts';

/** `pratique issuer serve`: the service that clients ask for cards. */
export function serveCommand(): Command {
  return onChain(onIssuer('serve', 'Serve the issuer’s API over HTTP, and keep its lists on the chain.'))
    .option('--port <port>', 'port to listen on; 0 for any that is free', port, 8081)
    .option('--host <address>', 'address of this machine; others than loopback want TLS', '127.0.0.1')
    .option('--tls-cert <file>', 'certificate chain to serve TLS with, PEM')
    .option('--tls-key <file>', 'its private key, PEM')
    .option('--base <url>', 'URL under which clients reach it (default: iss)', baseUrl)
    .option('--out <dir>', 'folder of the lists and keys, served to everybody', 'public')
    .option(
      '--config <file>',
      'where people are looked up, and how codes are sent; without it residents retrieve nothing here',
    )
    .option(
      '--trust-proxy <network>',
      'network (CIDR) of a reverse proxy to believe about whom it speaks for; more than once for several',
      network,
    )
    .option(
      '--wallet <url>',
      'base of a wallet’s deep links (…/SMARTHealthCard/): health cards are handed out with one',
      walletBase,
    )
    .option(
      '--every <duration>',
      'anchor what has changed so often; without it nothing is anchored',
      everyDuration,
    )
    .addHelpText(
      'after',
      `${example('serve --dir clinic --rpc http://127.0.0.1:8545 --every 10m')}

The folder is this server's while it runs: other commands on it wait, and give up after three seconds. Clients are kept
meanwhile by \`client … --server\`.`,
    )
    .action(async (options: ServeOptions) => (await import('../serve.ts')).runServe(options));
}

/** `pratique issuer client`: who may ask the service. */
export function clientCommand(): Command {
  return new Command('client')
    .description('Say who may ask the service for what.')
    .addCommand(
      withQuota(
        onServer('add', 'Take a client in: by its public keys, or with an API key that is shown once.'),
      )
        .argument('<name>', 'what your staff call it')
        .addOption(new Option('--scope <scope...>', 'what it may do').choices(SCOPES).makeOptionMandatory())
        .option(
          '--jwks <file>',
          'its public keys, a JWK Set: it then signs who it is (SMART Backend Services)',
        )
        .addHelpText(
          'after',
          `\nExample:\n  pratique issuer client add --dir clinic --scope issue --scope revoke -- "Harbor Hospital"`,
        )
        .action(async (name: string, options: AddClientOptions) =>
          (await import('../client.ts')).runAddClient(name, options),
        ),
    )
    .addCommand(
      onServer('list', 'List the clients, what they have done, and alarms about it.')
        .addHelpText('after', example('client list --dir clinic'))
        .action(async (options: ClientOptions) => (await import('../client.ts')).runListClients(options)),
    )
    .addCommand(
      onServer('disable', 'Let a client do nothing any more.')
        .argument('<id>', 'of the client, as `client list` shows it')
        .addHelpText('after', example('client disable --dir clinic tJ3v9xQ2bLkA'))
        .action(async (id: string, options: ClientOptions) =>
          (await import('../client.ts')).runDisableClient(id, options),
        ),
    )
    .addCommand(
      withQuota(onServer('quota', 'Say how much a client may do; what is not said stays as it is.'))
        .argument('<id>', 'of the client, as `client list` shows it')
        .addHelpText('after', example('client quota --dir clinic --issue-hour 1000 tJ3v9xQ2bLkA'))
        .action(async (id: string, options: QuotaOptions) =>
          (await import('../client.ts')).runClientQuota(id, options),
        ),
    );
}

/** A subcommand on a folder, or on the server that holds it. */
function onServer(name: string, description: string): Command {
  return onIssuer(name, description)
    .option('--server <url>', 'ask the running server that holds the folder, as a client that keeps clients')
    .option(
      '--api-key-file <file>',
      'read the API key for --server from a file (default: PRATIQUE_API_KEY, or asked for)',
    );
}

function withQuota(command: Command): Command {
  return command
    .option('--issue-hour <n>', 'cards an hour', quotaCount)
    .option('--issue-day <n>', 'cards a day', quotaCount)
    .option('--revoke-hour <n>', 'revocations an hour', quotaCount)
    .option('--revoke-day <n>', 'revocations a day', quotaCount)
    .option('--bulk-hour <n>', 'lines of bulk orders an hour', quotaCount)
    .option('--bulk-day <n>', 'lines of bulk orders a day', quotaCount)
    .option('--clients-hour <n>', 'clients taken in an hour, by it and by all that come from it', quotaCount)
    .option('--clients-day <n>', 'clients taken in a day', quotaCount)
    .option('--looks-hour <n>', 'looks at what is known of a person, an hour', quotaCount)
    .option('--looks-day <n>', 'looks a day', quotaCount);
}

function quotaCount(text: string): number {
  const count = /^\d{1,8}$/.test(text) ? Number(text) : Infinity;
  if (count > MAX_QUOTA) throw new InvalidArgumentError(`It must be a whole number up to ${MAX_QUOTA}.`);
  return count;
}
