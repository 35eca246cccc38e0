import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

import { IssuerError, type IssuerCode } from '../../../agent/issuer-error.ts';
import { IssuerStore } from '../../../agent/issuer-store.ts';
import { loadRecords } from '../../../agent/records/load-records.ts';
import type { RecordSource } from '../../../agent/records/record-source.ts';
import { RecordTable } from '../../../agent/records/record-table.ts';
import type { CodeSender, OutgoingMessage } from '../../../agent/retrieval/code-sender.ts';
import { Corrections } from '../../../agent/retrieval/corrections.ts';
import type { PersonAsked } from '../../../agent/retrieval/person-ask.ts';
import { RetrievalState, type RetrievalOptions } from '../../../agent/retrieval/retrieval-state.ts';
import { RetrievalWorker } from '../../../agent/retrieval/retrieval-worker.ts';
import { Retrieval } from '../../../agent/retrieval/retrieval.ts';
import type { FhirBundle } from '../../../credential/fhir-bundle.ts';
import { KDF_COST, NOW, PASSPHRASE, temporaryFolder } from '../issuer-fixture.ts';
import { registryRecord } from '../records/people.ts';
import { storeTerms } from '../store/places.ts';

export const BORN = '1980-02-29';
/** A person on record, as that person would ask. */
export const ZOE: PersonAsked = {
  family: 'Canary-Núñez',
  given: 'Zoë',
  birthDate: BORN,
  postalCode: '10001',
};
/** Nobody. */
export const NOBODY: PersonAsked = {
  family: 'Canary-Bryon',
  given: 'Ada',
  birthDate: BORN,
  postalCode: '10001',
};
export const HERE = { addressGroup: '192.0.2.0/24', wanted: 'a pass' };
export const zoeRecord = (place = 1, more = {}): FhirBundle =>
  registryRecord(place, {
    name: [{ family: 'Canary-Núñez', given: ['Zoë', 'Ann'] }],
    birthDate: BORN,
    address: [{ postalCode: '10001-0001' }],
    ...more,
  });

/** Keeps what it is given, like a gateway that works; `refuse` answers for a recipient with a fault. */
export function keepingSender(
  kind: CodeSender['kind'],
  refuse: (to: string) => IssuerCode | undefined = () => undefined,
): CodeSender & { readonly sent: OutgoingMessage[] } {
  const sent: OutgoingMessage[] = [];
  return {
    kind,
    sent,
    send: async (message) => {
      const code = refuse(message.to);
      if (code !== undefined) throw new IssuerError(code, 'no');
      sent.push(message);
    },
  };
}

export interface RetrievalFixture {
  readonly dir: string;
  readonly store: IssuerStore;
  readonly state: RetrievalState;
  readonly retrieval: Retrieval;
  readonly corrections: Corrections;
  readonly worker: RetrievalWorker;
  readonly phone: ReturnType<typeof keepingSender>;
  readonly email: ReturnType<typeof keepingSender>;
  /** Moves the clock on, in seconds. */
  readonly pass: (seconds: number) => void;
  /** Does all that is due, a few seconds later. */
  readonly work: () => Promise<void>;
  /** Closes the store and opens it again. */
  readonly restart: () => Promise<RetrievalFixture>;
}

export interface FixtureOptions extends Omit<RetrievalOptions, 'clock'> {
  readonly records?: readonly FhirBundle[];
  readonly sources?: (own: RecordSource) => readonly RecordSource[];
  readonly refuse?: (to: string) => IssuerCode | undefined;
  readonly phone?: boolean;
}

/** Retrievals over records in a store. */
export async function retrievalFixture(
  t: TestContext,
  options: FixtureOptions = {},
): Promise<RetrievalFixture> {
  const dir = join(await temporaryFolder(t), 'issuer');
  await IssuerStore.create(dir, PASSPHRASE, () => [], KDF_COST, await storeTerms());
  const { records = [zoeRecord()] } = options;
  const path = join(dir, '..', 'records.ndjson');
  await writeFile(path, records.map((record) => JSON.stringify(record)).join('\n'));
  const store = await IssuerStore.open(dir, PASSPHRASE);
  const file = await open(path);
  await loadRecords(store, { file, format: 'ndjson', source: 'New York', now: NOW + 7 * 86_400 });
  await file.close();
  const time = { now: NOW };
  return fixtureOn(t, { dir, store, time, options });
}

async function fixtureOn(
  t: TestContext,
  {
    dir,
    store,
    time,
    options,
  }: { dir: string; store: IssuerStore; time: { now: number }; options: FixtureOptions },
): Promise<RetrievalFixture> {
  const { sources = (own) => [own], refuse, phone: hasPhone = true, records: _, ...more } = options;
  let isOpen = true;
  t.after(async () => isOpen && store.close());
  const state = await RetrievalState.open(store, { ...more, clock: () => time.now });
  const [phone, email] = [keepingSender('phone', refuse), keepingSender('email', refuse)];
  const worker = new RetrievalWorker(state, {
    sources: sources(new RecordTable(store).source('New York')),
    senders: hasPhone ? [email, phone] : [email],
    issuer: 'Harbor Clinic',
    deadlineMs: 5000,
  });
  const pass = (seconds: number): void => {
    time.now += seconds;
  };
  return {
    dir,
    store,
    state,
    retrieval: new Retrieval(state),
    corrections: new Corrections(state),
    worker,
    phone,
    email,
    pass,
    work: async () => {
      pass(3);
      while ((await worker.lookUpDue()) > 0);
      pass(1);
      while ((await worker.sendDue()) > 0);
    },
    restart: async () => {
      isOpen = false;
      await store.close();
      return fixtureOn(t, { dir, store: await IssuerStore.open(dir, PASSPHRASE), time, options });
    },
  };
}

/** The code in a message. */
export function codeIn(message: OutgoingMessage | undefined): string {
  return /\d{8}/.exec(message?.text ?? '')?.[0] ?? '';
}

/** A code of eight digits that is not this one. */
export function otherThan(code: string): string {
  return code === '00000000' ? '00000001' : '00000000';
}
