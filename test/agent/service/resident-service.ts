import assert from 'node:assert/strict';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { pino } from 'pino';
import { loadRecords } from '../../../agent/records/load-records.ts';
import type { RecordSource } from '../../../agent/records/record-source.ts';
import { RecordTable } from '../../../agent/records/record-table.ts';
import type { CodeSender, OutgoingMessage } from '../../../agent/retrieval/code-sender.ts';
import type { RetrievalLimits } from '../../../agent/retrieval/retrieval-limits.ts';
import type { RetrievalState } from '../../../agent/retrieval/retrieval-state.ts';
import type { Retrieval } from '../../../agent/retrieval/retrieval.ts';
import {
  createService,
  SERVICE_LIMITS,
  type ServiceApp,
  type ServiceOptions,
} from '../../../agent/service/app.ts';
import { Clients } from '../../../agent/service/clients.ts';
import { openResidents } from '../../../agent/service/open-residents.ts';
import { PROBLEM } from '../../../agent/service/problems.ts';
import type { Scope } from '../../../agent/service/scope.ts';
import { didJwkFromKey } from '../../../credential/did-jwk.ts';
import type { FhirBundle, FhirEntry } from '../../../credential/fhir-bundle.ts';
import { listen } from '../../../verifier/http/listen.ts';
import {
  makeIssuer,
  NOW,
  temporaryFolder,
  type IssuerChoice,
  type IssuerFixture,
} from '../issuer-fixture.ts';
import { dose, GENEROUS_NEW_YORK, record } from '../records.ts';
import { codeIn, keepingSender } from '../retrieval/retrieval-fixture.ts';

/** A person on record, as that person would ask. */
export const ZOE = {
  name: { family: 'Canary-Núñez', given: ['Zoë'] },
  birthDate: '1980-02-29',
  zip: '10001',
};
/** Nobody. */
export const NOBODY = { ...ZOE, name: { family: 'Canary-Bryon', given: ['Ada'] } };

/** A record as a registry has it. */
export function residentRecord(
  entries: readonly FhirEntry[] = [dose('2026-09-01'), dose('2026-09-22')],
  patient: Readonly<Record<string, unknown>> = {},
): FhirBundle {
  const bundle = record(...entries);
  return {
    ...bundle,
    entry: bundle.entry.map((entry) =>
      entry.resource.resourceType === 'Patient'
        ? {
            ...entry,
            resource: {
              ...entry.resource,
              id: 'p-1',
              identifier: [{ system: 'https://registry.example.org/id', value: '0001' }],
              name: [{ family: 'Canary-Núñez', given: ['Zoë', 'Ann'] }],
              telecom: [
                { system: 'phone', use: 'mobile', value: '(212) 555-0001' },
                { system: 'email', value: 'zoe.canary@mail.example.org' },
              ],
              address: [{ postalCode: '10001-0001' }],
              ...patient,
            },
          }
        : entry,
    ),
  };
}

export interface ResidentService extends IssuerFixture {
  readonly url: string;
  readonly state: RetrievalState;
  readonly retrieval: Retrieval;
  readonly clients: Clients;
  readonly phone: CodeSender & { readonly sent: OutgoingMessage[] };
  /** Every line that was logged. */
  readonly log: readonly string[];
  readonly keyFor: (...scopes: readonly Scope[]) => Promise<string>;
  readonly post: (path: string, json: unknown, headers?: Record<string, string>) => Promise<Response>;
  /** Moves the clock on, in seconds. */
  readonly pass: (seconds: number) => void;
  readonly now: () => number;
  /** Begins, and waits for the code. */
  readonly code: (person?: object) => Promise<{ readonly id: string; readonly code: string }>;
}

export interface ResidentChoice extends IssuerChoice, Pick<ServiceOptions, 'proxies'> {
  readonly records?: readonly FhirBundle[];
  readonly sources?: (own: RecordSource) => readonly RecordSource[];
  readonly senders?: readonly CodeSender[];
  readonly limits?: Partial<RetrievalLimits>;
  readonly policy?: boolean;
  /** Whether residents are served at all. */
  readonly serves?: boolean;
  /** Whether its own address is the one that wallets prove their keys to, instead of `iss`. */
  readonly reachedHere?: boolean;
  /** Unix seconds at which its clock begins. */
  readonly from?: number;
}

/** A service on loopback that residents retrieve from, its worker at work. */
export async function residentService(
  t: TestContext,
  {
    records = [residentRecord()],
    sources = (own) => [own],
    senders,
    limits = {},
    ...choice
  }: ResidentChoice = {},
): Promise<ResidentService> {
  const made = await makeIssuer(t, choice);
  const { issuer } = made;
  if (choice.policy ?? true) await issuer.policy.say(GENEROUS_NEW_YORK);
  const folder = await temporaryFolder(t);
  await load(issuer, join(folder, 'records.ndjson'), records, choice.from);
  let ahead = choice.from ?? NOW;
  const started = performance.now();
  const now = (): number => ahead + (performance.now() - started) / 1000;
  const phone = keepingSender('phone');
  const log: string[] = [];
  const clients = await Clients.open(issuer.service);
  const { residents, state, run } = await openResidents(issuer, {
    sources: sources(new RecordTable(issuer.service).source('New York')),
    senders: senders ?? [phone, keepingSender('email')],
    limits,
    clock: now,
  });
  // Where it is reached is known once it listens.
  const late: { app?: ServiceApp } = {};
  const { url, stop } = await listen(
    {
      handler: (request, response) => late.app?.handler(request, response),
      stop: () => late.app?.stop(),
      close: async () => late.app?.close(),
    },
    SERVICE_LIMITS,
  );
  late.app = createService({
    issuer,
    ...((choice.reachedHere ?? false) ? { base: url } : {}),
    clients,
    residents: (choice.serves ?? true) ? residents : undefined,
    published: folder,
    clock: now,
    log: pino({ base: null }, { write: (line) => log.push(line) }),
    ...(choice.proxies === undefined ? {} : { proxies: choice.proxies }),
  });
  const working = new AbortController();
  const work = run(working.signal);
  t.after(async () => {
    working.abort();
    await work;
    await stop();
  });
  const post: ResidentService['post'] = async (path, json, headers = {}) =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: typeof json === 'string' ? json : JSON.stringify(json),
    });
  return {
    ...made,
    url,
    state,
    retrieval: residents.retrieval,
    clients,
    phone,
    log,
    post,
    now,
    keyFor: async (...scopes) => (await clients.add({ name: 'Desk', scopes }, NOW)).apiKey ?? '',
    pass: (seconds) => {
      ahead += seconds;
    },
    code: async (person = ZOE) => {
      const before = phone.sent.length;
      const response = await post('/retrieve', person);
      assert.equal(response.status, 202, await response.clone().text());
      const { id } = (await response.json()) as { readonly id: string };
      ahead += 3;
      await until(() => phone.sent.length > before);
      return { id, code: codeIn(phone.sent.at(-1)) };
    },
  };
}

async function load(
  issuer: IssuerFixture['issuer'],
  path: string,
  records: readonly FhirBundle[],
  now = NOW,
): Promise<void> {
  await writeFile(path, records.map((one) => JSON.stringify(one)).join('\n'));
  const file = await open(path);
  const { refused } = await loadRecords(issuer.service, {
    file,
    format: 'ndjson',
    source: 'New York',
    now,
  });
  await file.close();
  assert.deepEqual(refused, {});
}

/** Waits for something that is to become true. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let looks = 0; !(await isSo()); looks++) {
    assert.ok(looks < 2000, 'it did not come about');
    await sleep(20);
  }
}

/** The code of a problem, and the reason behind it if there is one. */
export async function problemOf(response: Response): Promise<readonly unknown[]> {
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  const { code, reason, status } = PROBLEM.parse(await response.json());
  assert.equal(status, response.status);
  return [code, ...(reason === undefined ? [] : [reason])];
}

/** A wallet: a DID, and proofs by its key. */
export interface Wallet {
  readonly did: string;
  readonly publicKey: CryptoKey;
  readonly prove: (claims: Readonly<Record<string, unknown>>, header?: object) => Promise<string>;
}

export async function makeWallet(): Promise<Wallet> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const { x = '', y = '' } = await exportJWK(publicKey);
  const did = didJwkFromKey({ x, y });
  return {
    did,
    publicKey,
    prove: async (claims, header = {}) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'ES256', typ: 'openid4vci-proof+jwt', kid: `${did}#0`, ...header })
        .sign(privateKey),
  };
}
