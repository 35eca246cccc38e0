import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Issuer } from '../../agent/issuer.ts';
import { IssuerError, type IssuerCode } from '../../agent/issuer-error.ts';
import { createService, SERVICE_LIMITS, type ServiceOptions } from '../../agent/service/app.ts';
import { Clients } from '../../agent/service/clients.ts';
import { openResidents, type OpenResidents } from '../../agent/service/open-residents.ts';
import { openKeystore } from '../../contracts/registry-account.ts';
import { listen } from '../../verifier/http/listen.ts';
import { createLog } from '../../verifier/http/request-log.ts';
import { cleanText } from '../display.ts';
import { UsageError } from '../exit.ts';
import { senderChoice } from '../registry/connect.ts';
import type { ChainOptions } from './connect.ts';
import { keepAnchored } from './serve-anchoring.ts';
import { configParts, type ConfigParts } from './service/config-parts.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

export interface ServeOptions extends IssuerOptions, ChainOptions {
  readonly port: number;
  readonly host: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly base?: string;
  readonly out: string;
  readonly config?: string;
  readonly trustProxy?: readonly string[];
  /** Base address of a wallet's deep links. */
  readonly wallet?: string;
  /** Seconds. */
  readonly every?: number;
}

const ALARM_EVERY_MS = 60_000;

/** `pratique issuer serve`: answers until SIGTERM or SIGINT, and brings what was begun to its end. */
export async function runServe(options: ServeOptions): Promise<void> {
  const { port, host, out, base, wallet, every, config, trustProxy: proxies = [] } = options;
  const tls = await tlsOf(options);
  const log = createLog(process.stderr);
  if (options.json !== true) log.level = 'error';
  await withIssuer(options, async (issuer, stop) => {
    const sender = every === undefined ? undefined : await unlockedSender(options);
    const clients = await Clients.open(issuer.service);
    const configured = config === undefined ? undefined : await configParts(config, issuer.service);
    const open = configured === undefined ? undefined : await residentsOf(issuer, configured);
    const sources = configured?.sources ?? [];
    const app = createService({
      issuer,
      clients,
      published: out,
      orders: join(options.dir, 'bulk-orders'),
      log,
      proxies,
      // Under which a proxy in front of it speaks to it.
      hosts: [new URL(base ?? issuer.iss).hostname],
      sources,
      ...(open === undefined ? {} : openParts(open)),
      ...(base === undefined ? {} : { base }),
      ...(wallet === undefined ? {} : { wallet }),
    });
    const server = await listen(app, SERVICE_LIMITS, { port, host, tls, proxies });
    const retrieving = open === undefined ? undefined : retrieve(issuer, open, stop);
    const anchoring = keepAnchored(issuer, options, { sender, stop });
    const names = sources.map(({ name }) => name);
    report(options, { url: server.url, iss: issuer.iss, clients: clients.all().length, sources: names }, [
      `Serving ${issuer.iss} at ${server.url}`,
      `  clients  ${clients.all().length}; \`pratique issuer client add --server ${server.url}\` takes in another`,
      every === undefined
        ? '  chain    nothing is anchored by this server: say --every'
        : `  chain    what has changed is anchored every ${every} s, at least daily${issuer.shared === undefined ? '' : ', by one of the agents'}`,
      peopleLine(names, open !== undefined),
    ]);
    try {
      await aborted(stop);
      await anchoring;
    } finally {
      await server.stop();
      await retrieving;
    }
  });
}

/** Who sends; a slip in the keystore's passphrase would be an alarm at each round instead. Errors as `openKeystore`. */
async function unlockedSender(options: ServeOptions): ReturnType<typeof senderChoice> {
  const sender = await senderChoice(options);
  if ('keystore' in sender) await openKeystore(sender.keystore.path, sender.keystore.passphrase);
  return sender;
}

function peopleLine(sources: readonly string[], isRetrieved: boolean): string {
  if (sources.length === 0) return '  people   retrieve nothing here: say --config';
  const names = sources.map((name) => cleanText(name)).join(', ');
  return isRetrieved
    ? `  people   retrieve from ${names}`
    : `  people   are looked up in ${names}; they retrieve nothing: the configuration has no way to send a code`;
}

/** What the service is told of residents. */
function openParts({ residents, state }: OpenResidents): Pick<ServiceOptions, 'residents' | 'retrievals'> {
  return { residents, retrievals: (days) => state.counters.summary(state.clock(), days) };
}

/** Looks people up and sends codes; of several agents on one database one does, or a code would go out twice. */
async function retrieve({ shared }: Issuer, open: OpenResidents, stop: AbortSignal): Promise<void> {
  if (shared === undefined) return open.run(stop);
  const office = shared.lead(() => undefined, 'retrieval');
  try {
    await office.whileLeading(stop, async (signal) => open.run(signal));
  } finally {
    await office.stop();
  }
}

/** Opens what residents do, by the configuration; nothing where no code can be sent. */
async function residentsOf(issuer: Issuer, parts: ConfigParts): Promise<OpenResidents | undefined> {
  if (parts.senders.length === 0) return undefined;
  let toldAt = -Infinity;
  const onFault = (code: IssuerCode): void => {
    // What stopped is tried again four times a second.
    if (performance.now() - toldAt < ALARM_EVERY_MS) return;
    toldAt = performance.now();
    process.stderr.write(`ALARM: nobody is looked up, and no code is sent. ${code}\n`);
  };
  return openResidents(issuer, { ...parts, onFault });
}

async function tlsOf({
  tlsCert,
  tlsKey,
}: ServeOptions): Promise<{ readonly key: Buffer; readonly cert: Buffer } | undefined> {
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new UsageError('A certificate is served with its key: give --tls-cert and --tls-key together.');
  }
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  try {
    return { cert: await readFile(tlsCert), key: await readFile(tlsKey) };
  } catch {
    throw new IssuerError('INPUT_UNREADABLE', 'The certificate or its key cannot be read.');
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}
