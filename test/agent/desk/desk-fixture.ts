import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { loadRecords } from '../../../agent/records/load-records.ts';
import { RecordTable } from '../../../agent/records/record-table.ts';
import type { RecordSource } from '../../../agent/records/record-source.ts';
import { createService, SERVICE_LIMITS } from '../../../agent/service/app.ts';
import { Clients } from '../../../agent/service/clients.ts';
import type { RetrievalCounters } from '../../../agent/retrieval/retrieval-counters.ts';
import { openResidents } from '../../../agent/service/open-residents.ts';
import type { Residents } from '../../../agent/service/residents.ts';
import type { Scope } from '../../../agent/service/scope.ts';
import type { FhirBundle, FhirEntry } from '../../../credential/fhir-bundle.ts';
import { listen } from '../../../verifier/http/listen.ts';
import { openChromium, type FreshBrowser } from '../../support/chromium.ts';
import { makeIssuer, NOW, temporaryFolder, type IssuerFixture } from '../issuer-fixture.ts';
import { keepingSender } from '../retrieval/retrieval-fixture.ts';
import { dose, NEW_YORK, record, result } from '../records.ts';

/** A service over an issuer with records on file, and a browser before its desk. */
export interface DeskFixture extends IssuerFixture {
  readonly url: string;
  readonly clients: Clients;
  readonly residents: Residents;
  readonly counters: RetrievalCounters;
  /** An API key of a new client with these scopes. */
  readonly keyFor: (name: string, ...scopes: readonly Scope[]) => Promise<string>;
}

export interface DeskOptions {
  readonly records?: readonly FhirBundle[];
  /** Besides the records on file. */
  readonly sources?: readonly RecordSource[];
}

export const SOURCE = 'New York';

/** A record as a registry has it, of a person with that name. */
export function recordOf(
  at: number,
  name: Readonly<Record<string, unknown>>,
  born: string,
  ...entries: readonly FhirEntry[]
): FhirBundle {
  const bundle = record(...entries);
  const patient = {
    resourceType: 'Patient',
    identifier: [{ system: 'https://registry.example.org/id', value: String(at) }],
    name: [name],
    birthDate: born,
    telecom: [
      { system: 'phone', use: 'mobile', value: `(212) 555-01${String(at).padStart(2, '0')}` },
      { system: 'email', value: `person${at}@mail.example.org` },
    ],
    address: [{ postalCode: `100${String(at).padStart(2, '0')}` }],
  };
  const [first, ...rest] = bundle.entry;
  return { ...bundle, entry: [{ ...first, resource: patient }, ...rest] };
}

const MARISOL = { family: 'Ferreira Soto', given: ['Marisol', 'Inés'] };

/** A few people: one with two doses and a test, one whose series is not complete, two of one name and birth date. */
export const PEOPLE: readonly FhirBundle[] = [
  recordOf(
    1,
    MARISOL,
    '1984-06-19',
    dose('2026-03-02'),
    dose('2026-03-23'),
    result('pcr', '2026-11-22T09:30:00-05:00'),
  ),
  recordOf(2, { family: 'Okafor', given: ['Chidi'] }, '1991-02-03', dose('2026-11-02')),
  recordOf(3, { family: 'Lee', given: ['Ann'] }, '1970-01-01', dose('2026-03-02'), dose('2026-03-23')),
  recordOf(
    4,
    { family: 'Lee', given: ['Ann'] },
    '1970-01-01',
    result('antigen', '2026-11-23T08:00:00-05:00'),
  ),
  recordOf(5, { text: '王小明' }, '1988-08-08', dose('2026-03-02', '212')),
];

/** Serves it on loopback; all of it ends with the test. */
export async function serveDesk(t: TestContext, options: DeskOptions = {}): Promise<DeskFixture> {
  const made = await makeIssuer(t);
  const { issuer, kid } = made;
  await issuer.policy.say(NEW_YORK);
  const folder = await temporaryFolder(t);
  const path = join(folder, 'records.ndjson');
  const { records = PEOPLE, sources = [] } = options;
  await writeFile(path, records.map((one) => JSON.stringify(one)).join('\n'));
  const store = issuer.service;
  const file = await open(path);
  const report = await loadRecords(store, { file, format: 'ndjson', source: SOURCE, now: NOW });
  await file.close();
  if (report.taken !== records.length) throw new Error(JSON.stringify(report));
  const published = join(folder, 'public');
  await issuer.publishStatus(kid, published);
  const clients = await Clients.open(issuer.service);
  const all = [new RecordTable(store).source(SOURCE), ...sources];
  const clock = (): number => NOW;
  const senders = [keepingSender('phone')];
  const { residents, state } = await openResidents(issuer, { sources: all, senders, clock });
  const app = createService({
    issuer,
    clients,
    published,
    orders: join(folder, 'orders'),
    residents,
    sources: all,
    retrievals: (days) => state.counters.summary(NOW, days),
    clock,
  });
  const { url, stop } = await listen(app, SERVICE_LIMITS);
  t.after(stop);
  return {
    ...made,
    url,
    clients,
    residents,
    counters: state.counters,
    keyFor: async (name, ...scopes) => (await clients.add({ name, scopes }, NOW)).apiKey ?? '',
  };
}

/** A browser, and whatever its pages complain of. */
export interface Watched {
  readonly browser: FreshBrowser;
  readonly complaints: readonly string[];
  readonly open: (size?: { readonly width: number; readonly height: number }) => Promise<Page>;
}

/** A browser without a past that ends with the test. */
export async function watchedBrowser(t: TestContext): Promise<Watched> {
  const browser = await openChromium();
  t.after(browser.close);
  const complaints: string[] = [];
  return {
    browser,
    complaints,
    open: async (size = { width: 1280, height: 900 }) => {
      const page = await browser.context.newPage();
      await page.setViewportSize(size);
      page.on('pageerror', ({ message }) => complaints.push(message));
      page.on('console', (line) => complaints.push(line.text()));
      page.on('dialog', (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      return page;
    },
  };
}

/** Opens the desk and signs in. */
export async function enterDesk(page: Page, url: string, key: string): Promise<void> {
  await page.goto(`${url}/desk`);
  await page.getByLabel(/API key/).fill(key);
  await page.keyboard.press('Enter');
  await page.locator('nav').waitFor();
}

/** Asks for a person as a clerk does. */
export async function findPerson(
  page: Page,
  { family, given, born }: { readonly family: string; readonly given: string; readonly born: string },
): Promise<void> {
  await page.getByLabel('Family names').fill(family);
  await page.getByLabel('Given names').fill(given);
  await page.getByLabel('Date of birth').fill(born);
  await page.keyboard.press('Enter');
}
