import { z } from 'zod/v4';
import { IssuerError } from '../../agent/issuer-error.ts';
import { Clients, type Client } from '../../agent/service/clients.ts';
import { DEFAULT_QUOTA, QUOTA_KINDS, type Quota, type QuotaKind } from '../../agent/service/quota.ts';
import { Quotas } from '../../agent/service/quotas.ts';
import { SCOPES, type Scope } from '../../agent/service/scope.ts';
import { moment } from '../../contracts/moment.ts';
import { cleanText } from '../display.ts';
import { readJsonFile } from '../trust/json-file.ts';
import { runningServer, type ServerOptions } from './running-service.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

export type ClientOptions = IssuerOptions & ServerOptions;

export interface QuotaOptions extends ClientOptions {
  readonly issueHour?: number;
  readonly issueDay?: number;
  readonly revokeHour?: number;
  readonly revokeDay?: number;
  readonly bulkHour?: number;
  readonly bulkDay?: number;
  readonly clientsHour?: number;
  readonly clientsDay?: number;
  readonly looksHour?: number;
  readonly looksDay?: number;
}

export interface AddClientOptions extends QuotaOptions {
  readonly scope: readonly Scope[];
  readonly jwks?: string;
}

/** A client as a server tells of it. */
const TOLD = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  createdAt: z.number(),
  disabledAt: z.number().nullable(),
  by: z.string().nullable(),
  proves: z.enum(['api-key', 'keys']),
  quota: z.custom<Quota>((value) => typeof value === 'object' && value !== null),
  used: z.record(z.string(), z.object({ hour: z.number(), day: z.number() })).optional(),
  alarms: z
    .array(z.object({ of: z.string(), window: z.string(), level: z.union([z.number(), z.string()]) }))
    .optional(),
});
type Told = z.infer<typeof TOLD>;
const ADDED = TOLD.extend({ apiKey: z.string().optional() });
const LISTED = z.object({ clients: z.array(TOLD) });

/** `pratique issuer client add`. */
export async function runAddClient(name: string, options: AddClientOptions): Promise<void> {
  const jwks = options.jwks === undefined ? undefined : (await readJsonFile(options.jwks)).json;
  const quota = quotaSaid(options, DEFAULT_QUOTA);
  const asked = {
    name,
    scopes: options.scope,
    ...(jwks === undefined ? {} : { jwks }),
    ...(quota === undefined ? {} : { quota }),
  };
  const { server } = options;
  const added =
    server === undefined
      ? await withClients(options, async (clients) => {
          const { client, apiKey } = await clients.add(asked, nowInSeconds());
          return { ...told(client), ...(apiKey === undefined ? {} : { apiKey }) };
        })
      : await (
          await runningServer(server, options)
        )('POST', 'clients', ADDED, asked);
  const { apiKey } = added;
  report(options, added, [
    ...linesOf(added),
    ...(apiKey === undefined
      ? []
      : [`  API key  ${apiKey}`, '           It is shown this once, and kept by nobody: hand it over now.']),
  ]);
}

/** `pratique issuer client list`. */
export async function runListClients(options: ClientOptions): Promise<void> {
  const { server } = options;
  const clients =
    server === undefined
      ? await orServer(async () =>
          withIssuer(options, async ({ service }) => {
            const quotas = new Quotas(service);
            const now = nowInSeconds();
            return Promise.all(
              (await Clients.open(service)).all().map(async (client) => ({
                ...told(client),
                used: await quotas.used(client.id, now),
                alarms: [...(await quotas.alarms(client.id, now))],
              })),
            );
          }),
        )
      : (await (await runningServer(server, options))('GET', 'clients', LISTED)).clients;
  report(
    options,
    { clients },
    clients.length === 0 ? ['Nobody may ask the service yet.'] : clients.flatMap(linesOf),
  );
}

/** `pratique issuer client disable`. */
export async function runDisableClient(id: string, options: ClientOptions): Promise<void> {
  const { server } = options;
  const client =
    server === undefined
      ? await withClients(options, async (clients) => told(await clients.disable(id, nowInSeconds())))
      : await (
          await runningServer(server, options)
        )('POST', pathOf(id, 'disable'), TOLD);
  report(options, client, linesOf(client));
}

/** `pratique issuer client quota`: what is not said stays as it is. */
export async function runClientQuota(id: string, options: QuotaOptions): Promise<void> {
  const { server } = options;
  let client: Told;
  if (server === undefined) {
    client = await withClients(options, async (clients) => {
      const before = clients.all().find((each) => each.id === id)?.quota ?? DEFAULT_QUOTA;
      return told(await clients.sayQuota(id, quotaSaid(options, before) ?? before));
    });
  } else {
    const ask = await runningServer(server, options);
    const before = (await ask('GET', 'clients', LISTED)).clients.find((each) => each.id === id)?.quota;
    const quota = quotaSaid(options, before ?? DEFAULT_QUOTA) ?? before ?? DEFAULT_QUOTA;
    client = await ask('POST', pathOf(id, 'quota'), TOLD, quota);
  }
  report(options, client, linesOf(client));
}

function pathOf(id: string, what: string): string {
  return `clients/${encodeURIComponent(id)}/${what}`;
}

async function withClients<T>(options: ClientOptions, run: (clients: Clients) => Promise<T>): Promise<T> {
  return orServer(async () => withIssuer(options, async (issuer) => run(await Clients.open(issuer.service))));
}

/** Whoever finds the folder held learns of the other way. */
async function orServer<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof IssuerError) || error.code !== 'STORE_LOCKED') throw error;
    throw new IssuerError(
      'STORE_LOCKED',
      'Another process holds this issuer folder: if it is a server, ask it by --server and --api-key-file.',
    );
  }
}

/** Undefined if nothing of it was said. */
function quotaSaid(said: QuotaOptions, before: Quota): Quota | undefined {
  const windows = (kind: QuotaKind): Quota[QuotaKind] => ({
    hour: said[`${kind}Hour`] ?? before[kind].hour,
    day: said[`${kind}Day`] ?? before[kind].day,
  });
  const isSaid = QUOTA_KINDS.some((kind) => (said[`${kind}Hour`] ?? said[`${kind}Day`]) !== undefined);
  if (!isSaid) return undefined;
  return Object.fromEntries(QUOTA_KINDS.map((kind) => [kind, windows(kind)])) as Quota;
}

/** Without what it proves itself by; as `GET /clients` tells. */
function told(client: Client): Told {
  const { id, name, scopes, createdAt, disabledAt = null, by = null, proof, quota = DEFAULT_QUOTA } = client;
  const proves = 'jwks' in proof ? 'keys' : 'api-key';
  return { id, name, scopes: [...scopes], createdAt, disabledAt, by, proves, quota };
}

function linesOf({
  id,
  name,
  scopes,
  createdAt,
  disabledAt,
  by,
  proves,
  quota,
  used,
  alarms,
}: Told): string[] {
  const share = (kind: keyof Quota, window: 'hour' | 'day'): string =>
    `${used === undefined ? '' : `${used[kind]?.[window] ?? 0} of `}${quota[kind][window]}`;
  const both = (kind: keyof Quota): string => `${share(kind, 'hour')} an hour, ${share(kind, 'day')} a day`;
  return [
    cleanText(name),
    `  id       ${cleanText(id)}`,
    `  may      ${scopes.join(', ')}`,
    `  proves   ${proves === 'keys' ? 'itself by its keys' : 'itself by an API key'}`,
    `  since    ${moment(createdAt)}${by === null ? '' : `, by client ${cleanText(by)}`}${disabledAt === null ? '' : `; DISABLED ${moment(disabledAt)}`}`,
    `  quota    cards ${both('issue')}; revocations ${both('revoke')}; lines of bulks ${both('bulk')}; clients taken in ${both('clients')}; looks at persons ${both('looks')}`,
    ...(alarms ?? []).map(
      ({ of, window, level }) =>
        `  ALARM    ${cleanText(of)}, this ${cleanText(window)}: ${level === 'unusual' ? 'far more than usual' : `${level} % of its quota`}`,
    ),
  ];
}

function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
