import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createService, SERVICE_LIMITS, type ServiceOptions } from '../../../agent/service/app.ts';
import { Clients } from '../../../agent/service/clients.ts';
import { PROBLEM } from '../../../agent/service/problems.ts';
import type { Scope } from '../../../agent/service/scope.ts';
import { listen } from '../../../verifier/http/listen.ts';
import { makeIssuer, NOW, temporaryFolder, type IssuerFixture } from '../issuer-fixture.ts';
import { dose, GENEROUS_NEW_YORK, record } from '../records.ts';

/** A service on loopback that issues cards, and how it is asked. */
export interface CardService extends IssuerFixture {
  readonly url: string;
  readonly clients: Clients;
  /** The headers of a new client with these scopes. */
  readonly as: (...scopes: readonly Scope[]) => Promise<Record<string, string>>;
  /** JSON, or text as it is. */
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>;
  /** Moves the service's clock, in seconds. */
  readonly pass: (seconds: number) => void;
}

export interface CardServiceOptions extends Partial<
  Omit<ServiceOptions, 'issuer' | 'clients' | 'published'>
> {
  /** What is made ready before it is served. */
  readonly prepare?: (made: IssuerFixture) => Promise<Partial<ServiceOptions>>;
}

/** Serves an issuer that counts as New York does. */
export async function cardService(
  t: TestContext,
  { prepare, ...options }: CardServiceOptions = {},
): Promise<CardService> {
  const made = await makeIssuer(t);
  const { issuer, kid } = made;
  await issuer.policy.say(GENEROUS_NEW_YORK);
  const published = join(await temporaryFolder(t), 'public');
  await issuer.publishStatus(kid, published);
  const clients = await Clients.open(issuer.service);
  let now = NOW;
  const prepared = await prepare?.(made);
  const app = createService({ issuer, clients, published, clock: () => now, ...options, ...prepared });
  const { url, stop } = await listen(app, SERVICE_LIMITS);
  t.after(stop);
  return {
    ...made,
    url,
    clients,
    as: async (...scopes) => {
      const { apiKey = '' } = await clients.add({ name: 'Harbor', scopes }, NOW);
      return { Authorization: `Bearer ${apiKey}` };
    },
    post: async (path, body, headers = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    pass: (seconds) => {
      now += seconds;
    },
  };
}

/** What is asked of `POST /credentials/issue`: a Vaccination Pass of somebody with two doses, unless said. */
export function asking(options: object = {}, subject: object = {}): object {
  const fhirBundle = record(dose('2026-09-01'), dose('2026-09-22'));
  return {
    credential: { credentialSubject: { fhirBundle, ...subject } },
    options: { product: 'vaccination-pass', ...options },
  };
}

export interface Issued {
  readonly verifiableCredential: { readonly type: string; readonly id: string };
  readonly card: {
    readonly id: string;
    readonly rid: string;
    readonly jws: string;
    readonly legacyVc: string;
    readonly deepLink?: string;
  };
}

/** The code of a problem, and the reason behind it if there is one. */
export async function problemOf(response: Response): Promise<readonly unknown[]> {
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  const { code, reason, status } = PROBLEM.parse(await response.json());
  assert.equal(status, response.status);
  return [code, ...(reason === undefined ? [] : [reason])];
}
