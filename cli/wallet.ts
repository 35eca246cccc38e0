import { Command, InvalidArgumentError } from 'commander';
import { readConfig } from './config.ts';
import { addServingOptions, addTlsOptions } from './serving/options.ts';
import type { ServingOptions } from './serving/options.ts';

/** Options of `pratique wallet serve`, as parsed. */
export interface WalletServeOptions extends ServingOptions {
  /** Services to retrieve passes from: an address, its name, the next address, … */
  readonly issuer?: readonly string[];
}

/** `pratique wallet`: the page that residents keep passes in. */
export function walletCommand(): Command {
  return new Command('wallet')
    .description(
      'Hand out the wallet: residents keep their passes on their own devices; nothing of them comes here.',
    )
    .addCommand(serveCommand());
}

function serveCommand(): Command {
  const command = new Command('serve').description(
    'Serve the wallet’s page, and the trust data that it checks passes by, kept fresh in the background.',
  );
  addServingOptions(command, 8090).option(
    '--issuer <url-name...>',
    'services that passes may be retrieved from, each its address and its name; may be said again',
    addressesAndNames,
  );
  return addTlsOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  pratique wallet serve --rpc http://127.0.0.1:8545 --registry 0x5FbD… --issuer https://passes.example "Example Health"
  pratique wallet serve --trust venue.bundle --exporter 3Kfd… --name wallet.example --tls-cert chain.pem --tls-key key.pem`,
    )
    .action(async (options: WalletServeOptions) => {
      const { runWalletServe } = await import('./wallet/serve.ts');
      await runWalletServe(options, readConfig());
    });
}

/** commander hands over one value at a time: an address, its name, the next address, … */
function addressesAndNames(text: string, before: readonly string[] = []): readonly string[] {
  const isAddress = before.length % 2 === 0;
  if (!isAddress && !/^[^\p{C}\n]{1,100}$/u.test(text)) {
    throw new InvalidArgumentError('The name of an issuer is one line of at most 100 characters.');
  }
  return [...before, isAddress ? serviceAddress(text) : text];
}

/** Without a slash at the end, as paths are put behind it. */
function serviceAddress(text: string): string {
  const url = URL.parse(text);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
  if (
    url === null ||
    !isSafe ||
    url.username !== '' ||
    url.password !== '' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new InvalidArgumentError(
      'It must be an issuer’s https address (http on this machine only) with its name behind it, such as --issuer https://passes.example "Example Health".',
    );
  }
  return url.href.replace(/\/+$/, '');
}

/** As far as a wallet’s page is let: its policy names these two. */
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost']);
