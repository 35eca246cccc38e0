import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createService, SERVICE_LIMITS, type ServiceOptions } from '../../../agent/service/app.ts';
import { Clients } from '../../../agent/service/clients.ts';
import { PROBLEM } from '../../../agent/service/problems.ts';
import type { Quota } from '../../../agent/service/quota.ts';
import type { Scope } from '../../../agent/service/scope.ts';
import { listen } from '../../../verifier/http/listen.ts';
import { makeIssuer, NOW, temporaryFolder, type IssuerFixture } from '../issuer-fixture.ts';
import { dose, NEW_YORK, record } from '../records.ts';

/** A client with its API key, and what is asked in its name. */
export interface Asker {
  readonly id: string;
  readonly key: string;
  readonly get: (path: string) => Promise<Response>;
  readonly post: (path: string, json?: unknown, headers?: Record<string, string>) => Promise<Response>;
}

export interface ServiceFixture extends IssuerFixture {
  readonly url: string;
  readonly clients: Clients;
  /** A new client with these scopes, taken in where the folder is. */
  readonly asker: (scopes: readonly Scope[], quota?: Quota) => Promise<Asker>;
  readonly as: (id: string, key: string) => Asker;
  /** Lines of the log. */
  readonly log: string[];
  /** Seconds that the clock of the service has gone on. */
  readonly time: { later: number };
  /** The same service begun anew over the same folder. */
  readonly again: () => Promise<string>;
}

/** A service on loopback over an issuer that counts as New York does. */
export async function serveFixture(
  t: TestContext,
  more: Partial<ServiceOptions> = {},
): Promise<ServiceFixture> {
  const made = await makeIssuer(t);
  const { issuer } = made;
  await issuer.policy.say(NEW_YORK);
  const published = join(await temporaryFolder(t), 'public');
  const log: string[] = [];
  const time = { later: 0 };
  const clock = (): number => NOW + time.later;
  const write = (line: object): void => void log.push(JSON.stringify(line));
  const logger = { info: write, error: write } as unknown as ServiceOptions['log'];
  let clients = await Clients.open(issuer.service);
  const start = async (): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> => {
    clients = await Clients.open(issuer.service);
    const app = createService({ issuer, clients, published, clock, log: logger, ...more });
    return listen(app, SERVICE_LIMITS);
  };
  let server = await start();
  t.after(async () => server.stop());
  const as = (id: string, key: string): Asker => {
    const Authorization = `Bearer ${key}`;
    return {
      id,
      key,
      get: async (path) => fetch(server.url + path, { headers: { Authorization } }),
      post: async (path, json, headers = {}) =>
        fetch(server.url + path, {
          method: 'POST',
          headers: {
            Authorization,
            ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
            ...headers,
          },
          ...(json === undefined ? {} : { body: typeof json === 'string' ? json : JSON.stringify(json) }),
        }),
    };
  };
  return {
    ...made,
    get url() {
      return server.url;
    },
    get clients() {
      return clients;
    },
    as,
    log,
    time,
    async asker(scopes, quota) {
      const { client, apiKey = '' } = await clients.add(
        { name: 'Harbor', scopes, ...(quota === undefined ? {} : { quota }) },
        NOW,
      );
      return as(client.id, apiKey);
    },
    async again() {
      await server.stop();
      server = await start();
      return server.url;
    },
  };
}

/** The code of a problem, and the reason behind it if there is one. */
export async function problemOf(response: Response): Promise<readonly unknown[]> {
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  const { code, reason, status } = PROBLEM.parse(await response.json());
  assert.equal(status, response.status);
  return [code, ...(reason === undefined ? [] : [reason])];
}

/** The record of somebody who is fully vaccinated; another person for another number. */
export function vaccinated(number = 0): object {
  const bundle = record(dose('2026-09-01'), dose('2026-09-22'));
  const [patient, ...rest] = bundle.entry;
  assert.ok(patient);
  const name = [
    { family: 'Nobody', given: ['Nora', String.fromCodePoint(0x61 + (number % 26)).repeat(1 + number / 26)] },
  ];
  return { ...bundle, entry: [{ ...patient, resource: { ...patient.resource, name } }, ...rest] };
}

/** A request for a card. */
export function asking(fhirBundle: object = vaccinated(), options: object = {}): object {
  return {
    credential: { credentialSubject: { fhirBundle } },
    options: { product: 'vaccination-pass', ...options },
  };
}
