import { Command, Option } from 'commander';
import { SCOPES } from '../../../agent/service/scope.ts';
import type { AddClientOptions } from '../client.ts';
import type { IssuerOptions } from '../session.ts';
import type { ServeOptions } from '../serve.ts';
import { port } from '../../option-arguments.ts';
import { everyDuration, example, onChain, onIssuer, walletBase } from './options.ts';

/** `pratique issuer serve`: the service that clients ask for cards. */
export function serveCommand(): Command {
  return onChain(onIssuer('serve', 'Serve the issuer’s API over HTTP, and keep its lists on the chain.'))
    .option('--port <port>', 'port to listen on; 0 for any that is free', port, 8081)
    .option('--host <address>', 'address of this machine; others than loopback want TLS', '127.0.0.1')
    .option('--tls-cert <file>', 'certificate chain to serve TLS with, PEM')
    .option('--tls-key <file>', 'its private key, PEM')
    .option('--base <url>', 'URL under which clients reach it (default: iss)')
    .option('--out <dir>', 'folder of the lists and keys, served to everybody', 'public')
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

The folder is this server's while it runs: other commands on it wait, and give up after three seconds.`,
    )
    .action(async (options: ServeOptions) => (await import('../serve.ts')).runServe(options));
}

/** `pratique issuer client`: who may ask the service. */
export function clientCommand(): Command {
  return new Command('client')
    .description('Say who may ask the service for what.')
    .addCommand(
      onIssuer('add', 'Take a client in: by its public keys, or with an API key that is shown once.')
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
      onIssuer('list', 'List the clients.')
        .addHelpText('after', example('client list --dir clinic'))
        .action(async (options: IssuerOptions) => (await import('../client.ts')).runListClients(options)),
    )
    .addCommand(
      onIssuer('disable', 'Let a client do nothing any more.')
        .argument('<id>', 'of the client, as `client list` shows it')
        .addHelpText('after', example('client disable --dir clinic tJ3v9xQ2bLkA'))
        .action(async (id: string, options: IssuerOptions) =>
          (await import('../client.ts')).runDisableClient(id, options),
        ),
    );
}
