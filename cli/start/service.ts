import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Issuer } from '../../agent/issuer.ts';
import { loadRecords } from '../../agent/records/load-records.ts';
import { RecordTable } from '../../agent/records/record-table.ts';
import type { CodeSender } from '../../agent/retrieval/code-sender.ts';
import { createService, SERVICE_LIMITS, type ServiceApp } from '../../agent/service/app.ts';
import { Clients } from '../../agent/service/clients.ts';
import { openResidents } from '../../agent/service/open-residents.ts';
import type { Scope } from '../../agent/service/scope.ts';
import { timeZone } from '../../credential/civil-time.ts';
import { listen } from '../../verifier/http/listen.ts';
import { shippedRules } from '../../verifier/node/shipped-rules.ts';
import { dailyAtLeast, keepAnchoring } from '../issuer/anchor-rounds.ts';
import { anchorRun } from '../issuer/anchor-run.ts';
import { atFreePort } from './free-port.ts';
import { sampleRecords } from './sample-people.ts';
import { ACCOUNTS, type Stage } from './stage.ts';

/** The issuer's service while `npm start -- --keep` is up. */
export interface KeptService {
  readonly url: string;
  /** API keys by what they are for. */
  readonly keys: Readonly<Record<'clerk' | 'supervisor', string>>;
  readonly stop: () => Promise<void>;
}

const ZONE = 'America/New_York';
const SOURCE = 'Example registry';
const VALUE_SET = 'US-NY/COVID-19';
/** Somebody waits for what they revoked. */
const ANCHOR_EVERY_SECONDS = 5;
const PORT = 8081;

const CLERK: readonly Scope[] = ['issue', 'revoke', 'records'];
const SUPERVISOR: readonly Scope[] = ['issue', 'revoke', 'records', 'approve', 'audit', 'admin'];

/** Serve the issuer as `pratique issuer serve` does, with sample people on record; codes are shown instead of sent. */
export async function serveIssuer(stage: Stage, issuer: Issuer): Promise<KeptService> {
  const { steps, folder } = stage;
  const sources = [new RecordTable(issuer.service).source(SOURCE)];
  await steps.step(
    'Take up the counting policy, and the records of three people who do not exist',
    async () => {
      await issuer.policy.say({ timeZone: ZONE, valueSet: shippedValueSet() });
      return loadSamples(folder, issuer);
    },
    ({ taken }) => `${VALUE_SET}, ${taken} persons of “${SOURCE}”`,
  );
  const clients = await Clients.open(issuer.service);
  const addClient = async (name: string, scopes: readonly Scope[]): Promise<string> =>
    (await clients.add({ name, scopes }, Date.now() / 1000)).apiKey ?? '';
  const keys = {
    clerk: await addClient('Sample clerk', CLERK),
    supervisor: await addClient('Sample supervisor', SUPERVISOR),
  };
  const stopping = new AbortController();
  const { residents, state, run } = await openResidents(issuer, { sources, senders: [shownBy(stage)] });
  // Where tokens are had, and whom a wallet's proof is for: not at the issuer's own name, which nobody serves.
  const appAt = (port: number): ServiceApp =>
    createService({
      issuer,
      clients,
      published: join(folder, 'public'),
      orders: join(folder, 'bulk-orders'),
      residents,
      sources,
      retrievals: (days) => state.counters.summary(state.clock(), days),
      base: `http://127.0.0.1:${port}`,
    });
  const server = await steps.step(
    'Serve the issuer',
    async () => atFreePort(PORT, async (port) => listen(appAt(port), SERVICE_LIMITS, { port })),
    ({ url }) => url,
  );
  const work = Promise.all([run(stopping.signal), anchoring(stage, issuer, stopping.signal)]);
  return {
    url: server.url,
    keys,
    async stop() {
      stopping.abort();
      await server.stop();
      await work;
    },
  };
}

function shippedValueSet(): string {
  const [jurisdiction, id] = VALUE_SET.split('/');
  for (const { text } of shippedRules()) {
    const json = JSON.parse(text) as { readonly jurisdiction?: unknown; readonly id?: unknown };
    if (json.jurisdiction === jurisdiction && json.id === id) return text;
  }
  throw new Error('The value set does not come with the program.');
}

async function loadSamples(folder: string, issuer: Issuer): ReturnType<typeof loadRecords> {
  const now = Date.now() / 1000;
  const path = join(folder, 'people.ndjson');
  await writeFile(path, sampleRecords(timeZone(ZONE).dateOf(now)), { mode: 0o600 });
  const file = await open(path);
  try {
    return await loadRecords(issuer.service, { file, format: 'ndjson', source: SOURCE, now });
  } finally {
    await file.close();
  }
}

/** There is no telephone of people who do not exist: the terminal stands for it. */
function shownBy({ steps }: Stage): CodeSender {
  return {
    kind: 'phone',
    send: async ({ to, text }) => {
      steps.text(`\nMessage to ${to}: ${text}`);
      return Promise.resolve();
    },
  };
}

async function anchoring(
  { rpcUrl, registry, folder, steps }: Stage,
  issuer: Issuer,
  stop: AbortSignal,
): Promise<void> {
  const account = ACCOUNTS.issuer;
  const options = { rpc: rpcUrl, registry, account: String(account), out: join(folder, 'public') };
  const terms = { ...options, unchanged: dailyAtLeast(ANCHOR_EVERY_SECONDS) };
  await keepAnchoring({
    every: ANCHOR_EVERY_SECONDS,
    stop,
    tell: ({ words }) => {
      steps.text(words);
    },
    look: async () => anchorRun(issuer, terms, { account }),
    isHopeless: () => false,
  });
}
