import { Clients, type Client } from '../../agent/service/clients.ts';
import type { Scope } from '../../agent/service/scope.ts';
import { moment } from '../../contracts/moment.ts';
import { cleanText } from '../display.ts';
import { readJsonFile } from '../trust/json-file.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

export interface AddClientOptions extends IssuerOptions {
  readonly scope: readonly Scope[];
  readonly jwks?: string;
}

/** `pratique issuer client add`. */
export async function runAddClient(name: string, options: AddClientOptions): Promise<void> {
  const jwks = options.jwks === undefined ? undefined : (await readJsonFile(options.jwks)).json;
  await withIssuer(options, async (issuer) => {
    const clients = await Clients.open(issuer.service);
    const asked = { name, scopes: options.scope, ...(jwks === undefined ? {} : { jwks }) };
    const { client, apiKey } = await clients.add(asked, Math.floor(Date.now() / 1000));
    report(options, { ...plain(client), ...(apiKey === undefined ? {} : { apiKey }) }, [
      ...linesOf(client),
      ...(apiKey === undefined
        ? []
        : [
            `  API key  ${apiKey}`,
            '           It is shown this once, and kept by nobody: hand it over now.',
          ]),
    ]);
  });
}

/** `pratique issuer client list`. */
export async function runListClients(options: IssuerOptions): Promise<void> {
  await withIssuer(options, async (issuer) => {
    const clients = (await Clients.open(issuer.service)).all();
    report(
      options,
      { clients: clients.map(plain) },
      clients.length === 0 ? ['Nobody may ask the service yet.'] : clients.flatMap(linesOf),
    );
  });
}

/** `pratique issuer client disable`. */
export async function runDisableClient(id: string, options: IssuerOptions): Promise<void> {
  await withIssuer(options, async (issuer) => {
    const clients = await Clients.open(issuer.service);
    const client = await clients.disable(id, Math.floor(Date.now() / 1000));
    report(options, plain(client), linesOf(client));
  });
}

/** Without what it proves itself by. */
function plain({ id, name, scopes, createdAt, disabledAt, proof }: Client): object {
  return {
    id,
    name,
    scopes,
    createdAt,
    disabledAt: disabledAt ?? null,
    by: 'jwks' in proof ? 'keys' : 'api-key',
  };
}

function linesOf({ id, name, scopes, createdAt, disabledAt, proof }: Client): readonly string[] {
  return [
    cleanText(name),
    `  id       ${id}`,
    `  may      ${scopes.join(', ')}`,
    `  proves   ${'jwks' in proof ? 'itself by its keys' : 'itself by an API key'}`,
    `  since    ${moment(createdAt)}${disabledAt === undefined ? '' : `; DISABLED ${moment(disabledAt)}`}`,
  ];
}
