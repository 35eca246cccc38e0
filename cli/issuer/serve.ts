import { readFile } from 'node:fs/promises';
import { IssuerError } from '../../agent/issuer-error.ts';
import { createService, SERVICE_LIMITS } from '../../agent/service/app.ts';
import { Clients } from '../../agent/service/clients.ts';
import { listen } from '../../verifier/http/listen.ts';
import { createLog } from '../../verifier/http/request-log.ts';
import { UsageError } from '../exit.ts';
import { senderChoice } from '../registry/connect.ts';
import type { ChainOptions } from './connect.ts';
import { keepAnchored } from './serve-anchoring.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

export interface ServeOptions extends IssuerOptions, ChainOptions {
  readonly port: number;
  readonly host: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly base?: string;
  readonly out: string;
  /** Seconds. */
  readonly every?: number;
}

/** `pratique issuer serve`: answers until SIGTERM or SIGINT, and brings what was begun to its end. */
export async function runServe(options: ServeOptions): Promise<void> {
  const { port, host, out, base, every } = options;
  const tls = await tlsOf(options);
  const log = createLog(process.stderr);
  if (options.json !== true) log.level = 'error';
  await withIssuer(options, async (issuer, stop) => {
    const clients = await Clients.open(issuer.service);
    const app = createService({
      issuer,
      clients,
      published: out,
      log,
      ...(base === undefined ? {} : { base }),
    });
    const sender = every === undefined ? undefined : await senderChoice(options);
    const server = await listen(app, SERVICE_LIMITS, { port, host, tls });
    const anchoring = keepAnchored(issuer, options, { sender, stop });
    report(options, { url: server.url, iss: issuer.iss, clients: clients.all().length }, [
      `Serving ${issuer.iss} at ${server.url}`,
      `  clients  ${clients.all().length}; \`pratique issuer client add\` takes in another, before it is served again`,
      every === undefined
        ? '  chain    nothing is anchored by this server: say --every'
        : `  chain    what has changed is anchored every ${every} s, at least daily${issuer.shared === undefined ? '' : ', by one of the agents'}`,
    ]);
    try {
      await aborted(stop);
      await anchoring;
    } finally {
      await server.stop();
    }
  });
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
