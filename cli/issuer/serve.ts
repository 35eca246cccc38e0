import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Issuer } from '../../agent/issuer.ts';
import { IssuerError, type IssuerCode } from '../../agent/issuer-error.ts';
import type { RecordSource } from '../../agent/records/record-source.ts';
import { createService, SERVICE_LIMITS, type ServiceOptions } from '../../agent/service/app.ts';
import { Clients } from '../../agent/service/clients.ts';
import { openResidents, type OpenResidents } from '../../agent/service/open-residents.ts';
import { listen } from '../../verifier/http/listen.ts';
import { createLog } from '../../verifier/http/request-log.ts';
import { cleanText } from '../display.ts';
import { UsageError } from '../exit.ts';
import { senderChoice } from '../registry/connect.ts';
import type { ChainOptions } from './connect.ts';
import { keepAnchored } from './serve-anchoring.ts';
import { configParts } from './service/config-parts.ts';
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
    const clients = await Clients.open(issuer.service);
    const open = config === undefined ? undefined : await residentsOf(issuer, config);
    const app = createService({
      issuer,
      clients,
      published: out,
      orders: join(options.dir, 'bulk-orders'),
      log,
      proxies,
      // Under which a proxy in front of it speaks to it.
      hosts: [new URL(base ?? issuer.iss).hostname],
      ...(open === undefined ? {} : openParts(open)),
      ...(base === undefined ? {} : { base }),
      ...(wallet === undefined ? {} : { wallet }),
    });
    const sender = every === undefined ? undefined : await senderChoice(options);
    const server = await listen(app, SERVICE_LIMITS, { port, host, tls, proxies });
    const retrieving = open === undefined ? undefined : retrieve(issuer, open, stop);
    const anchoring = keepAnchored(issuer, options, { sender, stop });
    const sources = open?.sources.map(({ name }) => name) ?? [];
    report(options, { url: server.url, iss: issuer.iss, clients: clients.all().length, sources }, [
      `Serving ${issuer.iss} at ${server.url}`,
      `  clients  ${clients.all().length}; \`pratique issuer client add --server ${server.url}\` takes in another`,
      every === undefined
        ? '  chain    nothing is anchored by this server: say --every'
        : `  chain    what has changed is anchored every ${every} s, at least daily${issuer.shared === undefined ? '' : ', by one of the agents'}`,
      open === undefined
        ? '  people   retrieve nothing here: say --config'
        : `  people   retrieve from ${sources.map((name) => cleanText(name)).join(', ')}`,
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

interface Configured extends OpenResidents {
  readonly sources: readonly RecordSource[];
}

/** What the service is told of them. */
function openParts({
  residents,
  sources,
  state,
}: Configured): Pick<ServiceOptions, 'residents' | 'sources' | 'retrievals'> {
  return { residents, sources, retrievals: (days) => state.counters.summary(state.clock(), days) };
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

/** Opens what residents do, by its configuration. */
async function residentsOf(issuer: Issuer, config: string): Promise<Configured> {
  const parts = await configParts(config, issuer.service);
  let toldAt = -Infinity;
  const onFault = (code: IssuerCode): void => {
    // What stopped is tried again four times a second.
    if (performance.now() - toldAt < ALARM_EVERY_MS) return;
    toldAt = performance.now();
    process.stderr.write(`ALARM: nobody is looked up, and no code is sent. ${code}\n`);
  };
  const open = await openResidents(issuer, { ...parts, onFault });
  return { ...open, sources: parts.sources };
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
